import type { Window } from "../history/window.ts";
import { ANSWER_PIECE, Form, type Piece } from "./form.ts";
import { messagesOf } from "./messages.ts";
import { withPlainTools } from "./plain-tools.ts";
import { Refusal } from "../refusal.ts";
import type { ChatTemplate } from "./template.ts";

export type Prompt = {
  readonly pieces: readonly Piece[];
  /**
   * What the template puts behind the opening of the answer, such as `<think>`. It belongs to the
   * ids of the answer, because the opening of a past answer does not have it.
   */
  readonly answerOpening: string;
};

/**
 * Ways to put a conversation to a template, best first. Generated ids need the plain form of an
 * answer, which some templates refuse before a tool result; some know no system role. Some write
 * of an answer either its text or one call; others refuse two answers in a row, so that comes last.
 */
const WAYS = [false, true].flatMap((splitCalls) => [
  { verbatim: true, systemAsUser: false, splitCalls },
  { verbatim: false, systemAsUser: false, splitCalls },
  { verbatim: true, systemAsUser: true, splitCalls },
  { verbatim: false, systemAsUser: true, splitCalls },
]);

/**
 * Renders a window through the chat template, in pieces that say whose text they are. Texts stand
 * in the rendering as placeholders (private-use characters) and are put in afterwards: so the
 * boundaries are known, a text is tokenised once however often the prompt is rendered, and text
 * that spells a control token never becomes one.
 *
 * @param fingerprint of the model, which decides whether generated ids may be used.
 */
export function renderPrompt(template: ChatTemplate, window: Window, fingerprint: string): Prompt {
  const { segments, tools, preamble } = withPlainTools(window, template.writesTools);
  const messages = messagesOf(segments);
  let refusal: Refusal | undefined;
  for (const { verbatim, ...way } of WAYS) {
    try {
      const form = new Form({ ...way, fingerprint: verbatim ? fingerprint : null, preamble });
      const filled = form.fill(messages);
      const given = form.tools(tools);
      const rendered = template.render(filled, given, { generationPrompt: true });
      form.requireAll(rendered);
      return withAnswerOpening(form.split(rendered), () =>
        form.split(template.render([...filled, form.answer], given, { generationPrompt: false })),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new Error("There is always a way to try.");
}

/** Splits what follows the last text where the opening of a past answer would end. */
function withAnswerOpening(pieces: readonly Piece[], renderAnswered: () => Piece[]): Prompt {
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
  const head = { text: past.text, segmentId: null, specials: true };
  const opening = { text: answerOpening, segmentId: null, specials: true };
  return { pieces: [...pieces.slice(0, -1), head, opening], answerOpening };
}
