import type { MeterReading, PrefilledText } from "../../protocol/meter.ts";
import type { Divergence } from "../../protocol/usage.ts";
import type { Window } from "../history/window.ts";
import type { Plan } from "../plan/plan.ts";
import type { WantedTokens } from "../prompt/tokenise.ts";
import type { Prompter } from "./prompt.ts";

/** Conversations whose latest prompt is remembered. */
const CONTEXTS_MAX = 32;
/** Texts that a reading names; those of most tokens. */
const PREFILLED_TEXTS_MAX = 8;

/** Whose text stood where in the latest prompt of a conversation. */
type PastPrompt = {
  readonly owners: WantedTokens["owners"];
  readonly labels: ReadonlyMap<string, string>;
};

type Turn = { readonly contextId: string; readonly window: Window };
type Done = { readonly plan: Plan; readonly complete: boolean };

/** Says what a turn has prefilled, and why. */
export class Reasons {
  readonly #prompter: Prompter;
  readonly #past = new Map<string, PastPrompt>();

  constructor(prompter: Prompter) {
    this.#prompter = prompter;
  }

  tell(
    { contextId, window }: Turn,
    { plan, complete }: Done,
    wanted: WantedTokens,
  ): Pick<MeterReading, "divergence" | "prefilled"> {
    const labels = new Map(window.segments.map(({ id, label, kind }) => [id, label ?? kind]));
    const divergence = this.#prompter.explain(plan, wanted, window);
    const removed = divergence === null ? null : this.#removed(contextId, labels, divergence);
    this.#remember(contextId, { owners: wanted.owners, labels });
    return {
      divergence: removed ?? divergence,
      // What was cut short has prefilled a part of the plan, and the next turn tells the rest.
      prefilled: complete ? prefilledTexts(plan, wanted, labels) : [],
    };
  }

  /**
   * What has to be prefilled because text before it is gone is that text's doing. Where a text stands
   * that was not there before, it took the place of the other, and is named itself.
   */
  #removed(
    contextId: string,
    labels: ReadonlyMap<string, string>,
    divergence: Divergence,
  ): Divergence | null {
    const past = this.#past.get(contextId);
    if (past === undefined) return null;
    const { tokenIndex, segmentId } = divergence;
    if (segmentId !== null && !past.labels.has(segmentId)) return null;
    const id = past.owners.find(({ endToken }) => tokenIndex < endToken)?.segmentId ?? null;
    if (id === null || labels.has(id)) return null;
    return {
      ...divergence,
      removed: true,
      segmentId: id,
      segmentLabel: past.labels.get(id) ?? null,
    };
  }

  #remember(contextId: string, prompt: PastPrompt): void {
    this.#past.delete(contextId);
    this.#past.set(contextId, prompt);
    const oldest = this.#past.keys().next();
    if (this.#past.size > CONTEXTS_MAX && !oldest.done) this.#past.delete(oldest.value);
  }
}

/** The text of the chat template between them belongs to nobody, and is left out. */
function prefilledTexts(
  { pieces }: Plan,
  wanted: WantedTokens,
  labels: ReadonlyMap<string, string>,
): PrefilledText[] {
  const counts = new Map<string, number>();
  let start = 0;
  for (const { endToken, segmentId } of wanted.owners) {
    for (const piece of pieces) {
      if (piece.kind !== "prefill" || segmentId === null) continue;
      const tokens = Math.min(piece.to, endToken) - Math.max(piece.from, start);
      if (tokens > 0) counts.set(segmentId, (counts.get(segmentId) ?? 0) + tokens);
    }
    start = endToken;
  }
  return [...counts]
    .map(([id, tokens]) => ({ label: labels.get(id) ?? id, tokens }))
    .toSorted((a, b) => b.tokens - a.tokens)
    .slice(0, PREFILLED_TEXTS_MAX);
}
