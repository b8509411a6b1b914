import type { ModelFacts } from "../../protocol/model.ts";
import type { Divergence } from "../../protocol/usage.ts";
import type { Engine } from "../engine/engine.ts";
import type { Window } from "../history/window.ts";
import type { Plan } from "../plan/plan.ts";
import { type Prompt, renderPrompt } from "../prompt/render.ts";
import { ChatTemplate } from "../prompt/template.ts";
import { ownerAt, TokenCache, tokenisePieces, type WantedTokens } from "../prompt/tokenise.ts";
import { Refusal } from "../refusal.ts";

/** How much of the text at a divergence is shown. */
const SHOWN_TOKENS = 12;

export type WantedPrompt = WantedTokens & { readonly answerOpening: readonly number[] };

/** Turns windows into wanted tokens for one loaded model. */
export class Prompter {
  readonly #engine: Engine;
  readonly #template: ChatTemplate;
  readonly #cache: TokenCache;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#template = new ChatTemplate(engine.chat);
    this.#cache = new TokenCache(engine.tokenizer);
  }

  wantedFor(window: Window): WantedPrompt {
    const { facts, chat } = this.#engine;
    const prompt: Prompt = renderPrompt(this.#template, window, facts.fingerprint);
    const wanted = tokenisePieces(prompt.pieces, this.#cache, chat.bosToken);
    if (wanted.tokens.length === 0) throw new Refusal("badRequest", "The context is empty.");
    const answerOpening =
      prompt.answerOpening === ""
        ? []
        : this.#cache.tokensOf(prompt.answerOpening, { specials: true });
    return { ...wanted, answerOpening };
  }

  countTokens(text: string): number {
    return this.#cache.tokensOf(text, { specials: false }).length;
  }

  /** Says in words where a plan leaves what was resident. */
  explain(plan: Plan, wanted: WantedTokens, window: Window): Divergence | null {
    if (plan.divergence === null) return null;
    const { tokenIndex, droppedTokens } = plan.divergence;
    const words = this.textAt(tokenIndex, wanted, window);
    return { tokenIndex, droppedTokens, removed: false, ...words };
  }

  /** The words of a prompt at a token, and whose they are. */
  textAt(
    tokenIndex: number,
    wanted: WantedTokens,
    window: Window,
  ): Pick<Divergence, "segmentId" | "segmentLabel" | "text"> {
    const segmentId = ownerAt(wanted, tokenIndex);
    const owner = window.segments.find(({ id }) => id === segmentId);
    return {
      segmentId,
      segmentLabel: owner?.label ?? owner?.kind ?? null,
      text: this.#engine.tokenizer.detokenize(
        wanted.tokens.slice(tokenIndex, tokenIndex + SHOWN_TOKENS),
      ),
    };
  }
}

/**
 * Positions that an answer without a limit is sure to get, where the window has them: what holes
 * among the cells may not take from it.
 */
const OPEN_ANSWER_TOKENS = 4096;

/** Positions of a prompt and its answer: all of the window, unless there are fewer cells. */
export function windowOf({ windowTokens, cellsTokens }: ModelFacts): number {
  return Math.min(windowTokens, cellsTokens);
}

/** Tokens that an answer may have: those it gets in any case, and those if nothing takes them. */
export type AnswerRoom = { readonly sureTokens: number; readonly mostTokens: number };

/**
 * How much room the answer has. Refuses a prompt that leaves no room for it, and
 * says how much room there is.
 */
export function roomForAnswer(
  promptTokens: number,
  facts: ModelFacts,
  maxTokens: number | undefined,
): AnswerRoom {
  const windowTokens = windowOf(facts);
  const room = windowTokens - promptTokens;
  if (room < 1) {
    throw new Refusal(
      "promptTooLong",
      `The prompt has ${promptTokens} tokens and the window holds ${windowTokens}.`,
      { promptTokens, windowTokens },
    );
  }
  if (maxTokens !== undefined && maxTokens > room) {
    throw new Refusal(
      "promptTooLong",
      `The prompt of ${promptTokens} tokens and an answer of up to ${maxTokens} do not fit the window of ${windowTokens}.`,
      { promptTokens, maxTokens, windowTokens },
    );
  }
  return {
    sureTokens: maxTokens ?? Math.min(room, OPEN_ANSWER_TOKENS),
    mostTokens: maxTokens ?? room,
  };
}
