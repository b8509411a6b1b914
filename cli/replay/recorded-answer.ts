import { isDeepStrictEqual } from "node:util";
import type { AnswerSegment } from "../../protocol/segment.ts";
import type { Engine, Tokenizer } from "../../sidecar/engine/engine.ts";
import type { Window } from "../../sidecar/history/window.ts";
import { Prompter, type WantedPrompt } from "../../sidecar/turn/prompt.ts";
import { Refusal } from "../../sidecar/refusal.ts";

/** A call as the model would have to read and answer it. */
export type ScriptedCall = {
  readonly promptTokens: number;
  /** What the template opens every answer with; belongs to the prompt and to the answer's ids. */
  readonly opening: readonly number[];
  /** The ids of the recorded answer behind the opening. */
  readonly answer: readonly number[];
  /** The first id of what the template closes an answer with: the model generates it too. */
  readonly closing: readonly number[];
  /** Whether the answer was recorded with thoughts and is spoken without them. */
  readonly leavesOutThoughts: boolean;
};

/** Stands for an answer whose end is looked for. */
const ANY_TEXT = "x";

/** Finds the ids that a model would have generated to say what a recorded answer says. */
export class AnswerScripts {
  readonly #prompter: Prompter;
  readonly #tokenizer: Tokenizer;

  constructor(engine: Engine) {
    this.#prompter = new Prompter(engine);
    this.#tokenizer = engine.tokenizer;
  }

  promptTokens(window: Window): number {
    return this.#prompter.wantedFor(window).tokens.length;
  }

  scriptFor(window: Window, answer: AnswerSegment): ScriptedCall {
    const { reasoning, ...spoken } = answer;
    const script = this.#script(window, answer);
    if (reasoning === undefined || reasoning === "") return { ...script, leavesOutThoughts: false };
    // A model whose template has no place for thoughts would have answered without them.
    const without = this.#script(window, spoken);
    return { ...script, leavesOutThoughts: isDeepStrictEqual(script.answer, without.answer) };
  }

  /**
   * Renders the window with the answer behind it, as the template writes past answers, and takes
   * what stands between the prompt and the closing.
   */
  #script(window: Window, answer: AnswerSegment): Omit<ScriptedCall, "leavesOutThoughts"> {
    const asked = this.#prompter.wantedFor(window);
    const opening = asked.answerOpening;
    const promptTokens = asked.tokens.length;
    const prompt = asked.tokens.slice(0, promptTokens - opening.length);
    const closing = this.#closingOf(window, answer);
    const said = this.#wantedWith(window, answer).tokens;
    const behind = endsWith(said, closing)
      ? continuation(prompt, said.slice(0, said.length - closing.length), this.#tokenizer)
      : null;
    if (behind === null) {
      throw new Refusal(
        "badRequest",
        "The model's chat template does not write past answers as it asks for new ones.",
      );
    }
    // A template may open answers with a mark that it leaves out of a past one without thoughts.
    const ids = startsWith(behind, opening) ? behind.slice(opening.length) : behind;
    return {
      promptTokens,
      opening,
      answer: ids,
      closing: closing.slice(0, 1),
    };
  }

  /** All that the template writes behind an answer, up to the opening of the next one. */
  #closingOf(window: Window, { id, kind, stability }: AnswerSegment): readonly number[] {
    const any: AnswerSegment = { id, kind, stability, role: "assistant", text: ANY_TEXT };
    const { tokens, owners } = this.#wantedWith(window, any);
    const end = owners.findLast(({ segmentId }) => segmentId === id)?.endToken;
    return end === undefined ? [] : tokens.slice(end);
  }

  #wantedWith(window: Window, answer: AnswerSegment): WantedPrompt {
    return this.#prompter.wantedFor({ ...window, segments: [...window.segments, answer] });
  }
}

/**
 * The ids of `whole` behind `start`. Where an id of `whole` spans the boundary, as with an answer
 * that begins with a line break, the part of its text behind it is tokenised by itself.
 */
function continuation(
  start: readonly number[],
  whole: readonly number[],
  tokenizer: Tokenizer,
): readonly number[] | null {
  let common = 0;
  while (common < start.length && start[common] === whole[common]) common++;
  const left = tokenizer.detokenize(start.slice(common));
  for (let end = common; end <= whole.length; end++) {
    const text = tokenizer.detokenize(whole.slice(common, end));
    if (text.length < left.length) continue;
    if (!text.startsWith(left)) return null;
    const rest = tokenizer.tokenize(text.slice(left.length), { specials: false });
    return [...rest, ...whole.slice(end)];
  }
  return null;
}

function startsWith(ids: readonly number[], start: readonly number[]): boolean {
  return start.every((id, index) => ids[index] === id);
}

function endsWith(ids: readonly number[], end: readonly number[]): boolean {
  return end.every((id, index) => ids[ids.length - end.length + index] === id);
}
