import { randomUUID } from "node:crypto";
import type { AnswerSegment, Segment, Tool } from "../../protocol/segment.ts";
import { Refusal } from "../refusal.ts";
import type { Message } from "./messages.ts";
import type { ChatTemplate, TemplateMessage } from "./template.ts";

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

/** Between the segments that share a message. */
const SEPARATOR = "\n\n";

/** Unknown to whoever writes tools, calls and reasoning, which stand in a rendering as they are. */
const SECRET = randomUUID();
const PLACEHOLDERS = new RegExp(`\uE0F0${SECRET}:(\\d+)\uE0F1`, "u");
const ANSWER = 999_999_999;

/** Names of control tokens are bracketed in every vocabulary that has them. */
const SUSPICIOUS = /[<[{]/u;

type ToolCallForm = { readonly name: string; readonly arguments: Record<string, unknown> };

/** Turns messages into the template's form, and the rendered text back into pieces. */
export class Form {
  readonly answer: TemplateMessage = { role: "assistant", content: placeholder(ANSWER) };
  readonly #template: ChatTemplate;
  readonly #fingerprint: string | null;
  readonly #systemAsUser: boolean;
  readonly #preamble: string;
  readonly #slots: Piece[] = [];
  /** Templates leave past thoughts out on purpose: models are trained not to see them. */
  readonly #thoughts = new Set<Piece>();

  constructor(
    template: ChatTemplate,
    options: {
      /** Of the model whose generated ids are used; `null` to use none. */
      readonly fingerprint: string | null;
      readonly systemAsUser: boolean;
      /** Stands before all else in the system message. */
      readonly preamble: string;
    },
  ) {
    this.#template = template;
    this.#fingerprint = options.fingerprint;
    this.#systemAsUser = options.systemAsUser;
    this.#preamble = options.preamble;
  }

  fill(messages: readonly Message[]): TemplateMessage[] {
    const filled = messages.map((message) => this.#messageOf(message));
    if (this.#preamble !== "") {
      const rest = filled[0]?.role === "system" ? filled.splice(0, 1)[0]!.content : "";
      const preamble = this.#slot({ text: this.#preamble, segmentId: null, specials: false });
      const content = [preamble, rest].filter((text) => text !== "").join(SEPARATOR);
      filled.unshift({ role: "system", content });
    }
    return this.#systemAsUser ? withoutSystem(filled) : filled;
  }

  split(text: string): Piece[] {
    const pieces: Piece[] = [];
    for (const [index, part] of text.split(PLACEHOLDERS).entries()) {
      if (index % 2 === 0) {
        if (part !== "") pieces.push({ text: part, segmentId: null, specials: true });
      } else if (Number(part) === ANSWER) pieces.push(ANSWER_PIECE);
      else pieces.push(this.#slots[Number(part)]!);
    }
    return pieces;
  }

  /** Refuses a rendering that leaves more out than thoughts: nothing is ever dropped silently. */
  requireAll(pieces: readonly Piece[]): void {
    const rendered = new Set(pieces);
    if (this.#slots.every((slot) => rendered.has(slot) || this.#thoughts.has(slot))) return;
    throw new Refusal("badRequest", "The model's chat template leaves out a part of the prompt.");
  }

  #messageOf(message: Message): TemplateMessage {
    if (message.role === "assistant") return this.#answerOf(message.segments[0]);
    const content = this.#contentOf(message.role, message.segments);
    if (message.role !== "tool") return { role: message.role, content };
    const [{ toolCallId, toolName }] = message.segments;
    const name = this.#guarded(toolName) as string;
    return { role: "tool", content, tool_call_id: toolCallId, name };
  }

  #answerOf(answer: AnswerSegment): TemplateMessage {
    const { generated, toolCalls = [], reasoning } = answer;
    if (generated !== undefined && generated.fingerprint === this.#fingerprint) {
      const { id: segmentId, text } = answer;
      const slot = { text, segmentId, specials: false, tokens: generated.tokens };
      return { role: "assistant", content: this.#slot(slot) };
    }
    const calls = toolCalls.map((call) => ({
      id: call.id,
      type: "function" as const,
      function: this.#guarded({ name: call.name, arguments: call.arguments }) as ToolCallForm,
    }));
    return {
      role: "assistant",
      content: this.#contentOf("assistant", [answer]),
      ...(reasoning === undefined
        ? {}
        : { reasoning_content: this.#thoughtsOf(answer, reasoning) }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  }

  #thoughtsOf(answer: AnswerSegment, reasoning: string): string {
    const slotsBefore = this.#slots.length;
    const content = this.#contentOf("assistant", [{ ...answer, text: reasoning }]);
    for (const slot of this.#slots.slice(slotsBefore)) this.#thoughts.add(slot);
    return content;
  }

  /** Outer white space stays outside the placeholder, so that a template may trim it. */
  #contentOf(role: TemplateMessage["role"], segments: readonly Segment[]): string {
    const escape = this.#template.escapes(role);
    return segments
      .map(({ id, text }) => {
        const core = text.trim();
        if (core === "") return text;
        const start = text.indexOf(core);
        const inner = escape ? JSON.stringify(core).slice(1, -1) : core;
        const slot = this.#slot({ text: inner, segmentId: id, specials: false });
        return text.slice(0, start) + slot + text.slice(start + core.length);
      })
      .join(SEPARATOR);
  }

  /** Tools as the template gets them. */
  tools(tools: readonly Tool[]): readonly Tool[] {
    return this.#guarded(tools) as readonly Tool[];
  }

  /**
   * Takes strings out of JSON that could spell a control token. A template writes such values as
   * they are, and a tool's description must not be able to end a message.
   */
  #guarded(value: unknown): unknown {
    if (typeof value === "string") {
      if (!SUSPICIOUS.test(value)) return value;
      const text = JSON.stringify(value).slice(1, -1);
      return this.#slot({ text, segmentId: null, specials: false });
    }
    if (Array.isArray(value)) return value.map((item) => this.#guarded(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#guarded(key), this.#guarded(item)]),
    );
  }

  #slot(piece: Piece): string {
    this.#slots.push(piece);
    return placeholder(this.#slots.length - 1);
  }
}

/** Puts system messages before the user message that follows, for templates without the role. */
function withoutSystem(messages: readonly TemplateMessage[]): TemplateMessage[] {
  const left: TemplateMessage[] = [];
  let carried = "";
  for (const message of messages) {
    if (message.role === "system") carried += message.content + SEPARATOR;
    else if (message.role === "user" || carried === "") {
      left.push({ ...message, content: carried + message.content });
      carried = "";
    } else {
      left.push({ role: "user", content: carried.trimEnd() }, message);
      carried = "";
    }
  }
  if (carried !== "") left.push({ role: "user", content: carried.trimEnd() });
  return left;
}

function placeholder(index: number): string {
  return `\uE0F0${SECRET}:${index}\uE0F1`;
}
