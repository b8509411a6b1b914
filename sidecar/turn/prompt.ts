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
    return {
      tokenIndex,
      droppedTokens,
      removed: false,
      ...this.textAt(tokenIndex, wanted, window),
    };
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
