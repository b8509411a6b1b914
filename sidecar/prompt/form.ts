import type { AnswerSegment, Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import { Refusal } from "../refusal.ts";
import type { Message } from "./messages.ts";
import {
  holdsBrokenPlaceholder,
  type Part,
  partsOf,
  placeholder,
  writtenAs,
} from "./placeholders.ts";
import { SEPARATOR, splitCalls, withoutSystem } from "./reshape.ts";
import type { TemplateCall, TemplateMessage } from "./template.ts";

/** A stretch of the prompt that is tokenised by itself. */
export type Piece = {
  readonly text: string;
  /** The segment whose text this is; `null` for text of the template. */
  readonly segmentId: string | null;
  /** Whether names of special tokens in it are those tokens: only in the template's own text. */
  readonly specials: boolean;
  /** Ids to use as they are, instead of tokenising the text. */
  readonly tokens?: readonly number[];
};

/** Stands for an answer yet to come. */
export const ANSWER_PIECE: Piece = { text: "", segmentId: null, specials: false };

const ANSWER = 999_999_999;

/** Names of control tokens are bracketed in every vocabulary that has them. */
const SUSPICIOUS = /[<[{]/u;

export type FormOptions = {
  /** Of the model whose generated ids are used; `null` to use none. */
  readonly fingerprint: string | null;
  readonly systemAsUser: boolean;
  /** Whether what an answer says and each of its calls are messages of their own. */
  readonly splitCalls: boolean;
  /** Stands before all else in the system message. */
  readonly preamble: string;
};

/** Turns messages into the template's form, and the rendered text back into pieces. */
export class Form {
  readonly answer: TemplateMessage = { role: "assistant", content: placeholder(ANSWER) };
  readonly #options: FormOptions;
  readonly #slots: Piece[] = [];
  /** Slots that a template may leave out. */
  readonly #optional = new Set<Piece>();
  /** A template compares the id of a result with those of the calls, so equal ids stay equal. */
  readonly #callIds = new Map<string, string>();
  #toolNames: readonly string[] = [];

  constructor(options: FormOptions) {
    this.#options = options;
  }

  fill(messages: readonly Message[]): TemplateMessage[] {
    const filled = messages.flatMap((message) => this.#messagesOf(message));
    const { preamble: text, systemAsUser } = this.#options;
    if (text !== "") {
      const rest = filled[0]?.role === "system" ? filled.splice(0, 1)[0]!.content : "";
      const preamble = this.#slot({ text, segmentId: null, specials: false });
      const content = [preamble, rest].filter((part) => part !== "").join(SEPARATOR);
      filled.unshift({ role: "system", content });
    }
    return systemAsUser ? withoutSystem(filled) : filled;
  }

  split(rendered: string): Piece[] {
    return partsOf(rendered).map((part) => this.#pieceOf(part));
  }

  #pieceOf(part: Part): Piece {
    if (part.kind === "template") return { text: part.text, segmentId: null, specials: true };
    if (part.index === ANSWER) return ANSWER_PIECE;
    const slot = this.#slots[part.index]!;
    if (slot.tokens !== undefined) return slot;
    return { ...slot, text: writtenAs(slot.text, part.end) };
  }

  /**
   * Refuses a rendering that leaves more out than it may: nothing is ever dropped silently. Past
   * thoughts may be left out, because models are trained not to see them; so may ids, and what a
   * template does not tell of a tool. But every tool is named.
   */
  requireAll(rendered: string): void {
    const written = new Set<Piece>();
    for (const part of partsOf(rendered)) {
      if (part.kind === "slot") {
        if (part.index !== ANSWER) written.add(this.#slots[part.index]!);
      } else if (holdsBrokenPlaceholder(part)) throw leftOut("a part of the prompt");
    }
    if (!this.#slots.every((slot) => written.has(slot) || this.#optional.has(slot))) {
      throw leftOut("a part of the prompt");
    }
    if (!this.#toolNames.every((name) => rendered.includes(name))) throw leftOut("a tool");
  }

  #messagesOf(message: Message): TemplateMessage[] {
    if (message.role === "assistant") return this.#answerOf(message.segments[0]);
    const content = this.#contentOf(message.segments);
    if (message.role !== "tool") return [{ role: message.role, content }];
    const [{ toolCallId, toolName }] = message.segments;
    const name = this.#optionally(() => this.#guarded(toolName) as string);
    return [{ role: "tool", content, tool_call_id: this.#callIdOf(toolCallId), name }];
  }

  #answerOf(answer: AnswerSegment): TemplateMessage[] {
    const { generated, toolCalls = [], reasoning } = answer;
    if (generated !== undefined && generated.fingerprint === this.#options.fingerprint) {
      const { id: segmentId, text } = answer;
      const slot = { text, segmentId, specials: false, tokens: generated.tokens };
      return [{ role: "assistant", content: this.#slot(slot) }];
    }
    const said: TemplateMessage = {
      role: "assistant",
      content: this.#contentOf([answer]),
      ...(reasoning === undefined
        ? {}
        : { reasoning_content: this.#thoughtsOf(answer, reasoning) }),
    };
    const calls = toolCalls.map((call) => this.#callOf(call));
    if (calls.length === 0) return [said];
    return this.#options.splitCalls ? splitCalls(said, calls) : [{ ...said, tool_calls: calls }];
  }

  #callOf({ id, name, arguments: given }: ToolCall): TemplateCall {
    const form = this.#guarded({ name, arguments: given }) as TemplateCall["function"];
    return { id: this.#callIdOf(id), type: "function", function: form };
  }

  #callIdOf(id: string): string {
    const given = this.#callIds.get(id) ?? this.#optionally(() => this.#guarded(id) as string);
    this.#callIds.set(id, given);
    return given;
  }

  #thoughtsOf(answer: AnswerSegment, reasoning: string): string {
    return this.#optionally(() => this.#contentOf([{ ...answer, text: reasoning }]));
  }

  /** Outer white space stays outside the placeholder, so that a template may trim it. */
  #contentOf(segments: readonly Segment[]): string {
    return segments
      .map(({ id, text }) => {
        const core = text.trim();
        if (core === "") return text;
        const start = text.indexOf(core);
        const slot = this.#slot({ text: core, segmentId: id, specials: false });
        return text.slice(0, start) + slot + text.slice(start + core.length);
      })
      .join(SEPARATOR);
  }

  /** Tools as the template gets them. */
  tools(tools: readonly Tool[]): readonly Tool[] {
    const given = tools.map(({ name, ...told }) => ({
      name: this.#guarded(name) as string,
      ...this.#optionally(() => this.#guarded(told) as Omit<Tool, "name">),
    }));
    this.#toolNames = tools.map(({ name }) => name).filter((name) => !SUSPICIOUS.test(name));
    return given;
  }

  /**
   * Takes strings out of JSON that could spell a control token. A template writes such values as
   * they are, and a tool's description must not be able to end a message.
   */
  #guarded(value: unknown): unknown {
    if (typeof value === "string") {
      if (!SUSPICIOUS.test(value)) return value;
      return this.#slot({ text: value, segmentId: null, specials: false });
    }
    if (Array.isArray(value)) return value.map((item) => this.#guarded(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#guarded(key), this.#guarded(item)]),
    );
  }

  /** What is filled in here may be left out. */
  #optionally<T>(fill: () => T): T {
    const slotsBefore = this.#slots.length;
    const filled = fill();
    for (const slot of this.#slots.slice(slotsBefore)) this.#optional.add(slot);
    return filled;
  }

  #slot(piece: Piece): string {
    this.#slots.push(piece);
    return placeholder(this.#slots.length - 1);
  }
}

function leftOut(what: string): Refusal {
  return new Refusal("badRequest", `The model's chat template leaves out ${what}.`);
}
