import type { AnswerSegment, Segment } from "../../protocol/segment.ts";
import type { Window } from "../history/window.ts";
import { type Message, messagesOf } from "./messages.ts";
import type { ChatTemplate, TemplateMessage } from "./template.ts";

/** A stretch of the prompt that is tokenised by itself. */
export type Piece = {
  readonly text: string;
  /** The segment whose text this is; `null` for text of the template. */
  readonly segmentId: string | null;
  /** Ids to use as they are, instead of tokenising the text. */
  readonly tokens?: readonly number[];
};

export type Prompt = {
  readonly pieces: readonly Piece[];
  /**
   * What the template puts behind the opening of the answer, such as `<think>`. It belongs to the
   * ids of the answer, because the opening of a past answer does not have it.
   */
  readonly answerOpening: string;
};

/** Between the segments that share a message. */
const SEPARATOR = "\n\n";

/**
 * Renders a window through the chat template, in pieces that say whose text they are. Texts stand
 * in the rendering as placeholders (private-use characters) and are put in afterwards: so the
 * boundaries are known, a text is tokenised once however often the prompt is rendered, and text
 * that spells a special token never becomes one.
 *
 * @param fingerprint of the model, which decides whether generated ids may be used.
 */
export function renderPrompt(template: ChatTemplate, window: Window, fingerprint: string): Prompt {
  const messages = messagesOf(window.segments);
  const answer = { role: "assistant", content: placeholder(ANSWER) } as const;
  return firstThatRenders([true, false], (verbatim) => {
    const form = new Form(template, verbatim ? fingerprint : null);
    const filled = messages.map((message) => form.messageOf(message));
    const text = template.render(filled, window.tools, { generationPrompt: true });
    const pieces = form.split(text);
    return withAnswerOpening(pieces, () =>
      form.split(template.render([...filled, answer], window.tools, { generationPrompt: false })),
    );
  });
}

/**
 * Some templates refuse a tool result after an answer without structured calls. Generated ids need
 * the plain form, so that is tried first and the structured form is what remains.
 */
function firstThatRenders(
  options: readonly [boolean, boolean],
  render: (verbatim: boolean) => Prompt,
): Prompt {
  try {
    return render(options[0]);
  } catch {
    return render(options[1]);
  }
}

/** Turns messages into the template's form and the rendered text back into pieces. */
class Form {
  readonly #template: ChatTemplate;
  readonly #fingerprint: string | null;
  readonly #slots: Piece[] = [];

  constructor(template: ChatTemplate, fingerprint: string | null) {
    this.#template = template;
    this.#fingerprint = fingerprint;
  }

  messageOf(message: Message): TemplateMessage {
    if (message.role === "assistant") return this.#answerOf(message.segments[0]);
    const content = this.#contentOf(message.role, message.segments);
    if (message.role !== "tool") return { role: message.role, content };
    const [{ toolCallId, toolName }] = message.segments;
    return { role: "tool", content, tool_call_id: toolCallId, name: toolName };
  }

  #answerOf(answer: AnswerSegment): TemplateMessage {
    const { generated, toolCalls, reasoning } = answer;
    if (generated !== undefined && generated.fingerprint === this.#fingerprint) {
      const slot = { text: answer.text, segmentId: answer.id, tokens: generated.tokens };
      return { role: "assistant", content: this.#slot(slot) };
    }
    return {
      role: "assistant",
      content: this.#contentOf("assistant", [answer]),
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(toolCalls === undefined || toolCalls.length === 0
        ? {}
        : {
            tool_calls: toolCalls.map((call) => ({
              id: call.id,
              type: "function" as const,
              function: { name: call.name, arguments: call.arguments },
            })),
          }),
    };
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
        const slot = this.#slot({ text: inner, segmentId: id });
        return text.slice(0, start) + slot + text.slice(start + core.length);
      })
      .join(SEPARATOR);
  }

  #slot(piece: Piece): string {
    this.#slots.push(piece);
    return placeholder(this.#slots.length - 1);
  }

  split(text: string): Piece[] {
    const pieces: Piece[] = [];
    for (const [index, part] of text.split(PLACEHOLDERS).entries()) {
      if (index % 2 === 0) {
        if (part !== "") pieces.push({ text: part, segmentId: null });
      } else if (Number(part) === ANSWER) pieces.push(ANSWER_PIECE);
      else pieces.push(this.#slots[Number(part)]!);
    }
    return pieces;
  }
}

const PLACEHOLDERS = /\uE0F0(\d+)\uE0F1/u;
const ANSWER = 999_999_999;
const ANSWER_PIECE: Piece = { text: "", segmentId: null };

function placeholder(index: number): string {
  return `\uE0F0${index}\uE0F1`;
}

/** Splits what follows the last text where the opening of a past answer would end. */
function withAnswerOpening(pieces: Piece[], renderAnswered: () => Piece[]): Prompt {
  const last = pieces.at(-1);
  if (last === undefined || last.segmentId !== null) return { pieces, answerOpening: "" };
  let past: Piece | undefined;
  try {
    const answered = renderAnswered();
    past = answered[answered.indexOf(ANSWER_PIECE) - 1];
  } catch {
    // A template that refuses this form just has no known opening.
  }
  if (past === undefined || past.segmentId !== null || !last.text.startsWith(past.text)) {
    return { pieces, answerOpening: "" };
  }
  const answerOpening = last.text.slice(past.text.length);
  if (answerOpening === "") return { pieces, answerOpening };
  const head = { text: past.text, segmentId: null };
  const opening = { text: answerOpening, segmentId: null };
  return { pieces: [...pieces.slice(0, -1), head, opening], answerOpening };
}
