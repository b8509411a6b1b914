import type { GenerateParams } from "../../protocol/generate.ts";
import type { ModelFacts } from "../../protocol/model.ts";
import { Refusal } from "../refusal.ts";

/**
 * Tokens of an answer for which nobody has set a limit. Without one it would claim all that the
 * window has left, and no second answer could take turns with it.
 */
const ANSWER_TOKENS_DEFAULT = 8_192;
/** An answer for which there is less room, or less than this share of the window, is of no use. */
const USEFUL_TOKENS_MIN = 64;
const USEFUL_SHARE_MIN = 1 / 32;
/**
 * Positions that are kept for an answer whose length is not certain: what holes among the cells may
 * not take from it.
 */
const UNCERTAIN_ANSWER_TOKENS = 4_096;

/** Tokens that an answer may have: those it gets in any case, and those if nothing takes them. */
export type AnswerRoom = { readonly sureTokens: number; readonly mostTokens: number };

/** Positions of a prompt and its answer: all of the window, unless there are fewer cells. */
export function windowOf({ windowTokens, cellsTokens }: ModelFacts): number {
  return Math.min(windowTokens, cellsTokens);
}

/**
 * How much room the answer has: what was asked for, or what the window has left. This is the only
 * place where an answer is shortened, so that all doors do it alike; whoever reads it is told by
 * `stop: "maxTokens"`. A prompt that leaves no room for a useful answer is refused.
 */
export function roomForAnswer(
  promptTokens: number,
  facts: ModelFacts,
  { maxTokens, roomTokens }: Pick<GenerateParams, "maxTokens" | "roomTokens"> = {},
): AnswerRoom {
  const windowTokens = windowOf(facts);
  const left = windowTokens - promptTokens;
  if (left < 1) {
    throw new Refusal(
      "promptTooLong",
      `The prompt has ${promptTokens} tokens and the window holds ${windowTokens}.`,
      { promptTokens, windowTokens },
    );
  }
  const wanted = maxTokens ?? ANSWER_TOKENS_DEFAULT;
  const needed = roomTokens ?? Math.min(wanted, usefulTokens(windowTokens));
  if (left < needed) {
    throw new Refusal(
      "promptTooLong",
      `The prompt of ${promptTokens} tokens leaves ${left} of the window of ${windowTokens} for an answer, which needs ${needed}.`,
      { promptTokens, neededTokens: needed, windowTokens },
    );
  }
  const mostTokens = Math.min(wanted, left);
  const isCertain = mostTokens === maxTokens;
  return {
    sureTokens: isCertain ? mostTokens : Math.min(mostTokens, UNCERTAIN_ANSWER_TOKENS),
    mostTokens,
  };
}

function usefulTokens(windowTokens: number): number {
  return Math.max(1, Math.min(USEFUL_TOKENS_MIN, Math.floor(windowTokens * USEFUL_SHARE_MIN)));
}
