import type { ContextCounts } from "../../protocol/count.ts";
import { applyCompaction } from "../context/compact/apply-compaction.ts";
import { type Budgets, budgetsFor } from "../context/compact/budgets.ts";
import { compactionSentence } from "../context/compact/compaction-sentence.ts";
import { fitNewcomers } from "../context/compact/fit-newcomers.ts";
import { type Compaction, planCompaction } from "../context/compact/plan-compaction.ts";
import { toolsSentence } from "../context/compact/tools-sentence.ts";
import type { WindowState } from "../context/window/window-state.ts";

/** The window that room is made in. It has one owner, who is asked. */
type Held = {
  readonly state: WindowState;
  update(change: (window: WindowState) => WindowState): void;
};

export type RoomOptions = {
  /** How long it takes to prefill so many tokens; `null` when that is not known yet. */
  readonly msFor: (tokens: number) => number | null;
  /** A summary of what is said in the window, or `null` when there is none. */
  readonly summarise: (signal: AbortSignal | undefined) => Promise<string | null>;
  /** Told, in one sentence, of everything that is left out; of a compaction before it runs. */
  readonly onNotice: (sentence: string) => void;
};

type How = {
  /** Whether the model is asked for a summary of turns that go. */
  readonly summarises: boolean;
  readonly signal: AbortSignal | undefined;
};

/** Keeps a window within its budgets, and says what is left out for that. */
export class Room {
  readonly #held: Held;
  readonly #options: RoomOptions;
  /** What the latest answer could take; the next one will want as much. */
  #answerTokens: number | undefined;
  #toldOfTools = false;

  constructor(held: Held, options: RoomOptions) {
    this.#held = held;
    this.#options = options;
  }

  /** From now on so much is kept free for an answer. */
  keepFree(answerTokens: number | undefined): void {
    this.#answerTokens = answerTokens;
  }

  /** Leaves out what has just come and does not fit its class. */
  fitNewcomers(counts: ContextCounts): void {
    const budgets = this.#budgets(counts);
    this.#tellOfTools(toolsSentence(counts.toolsTokens, budgets));
    const { window, refusals } = fitNewcomers(this.#held.state, counts, budgets);
    this.#held.update(() => window);
    for (const refusal of refusals) this.#options.onNotice(refusal);
  }

  /** Answers whether there was too little room and something was left out. */
  async make(counts: ContextCounts, how: How): Promise<boolean> {
    const compaction = planCompaction(this.#held.state, counts, this.#budgets(counts));
    return compaction !== null && (await this.carryOut(compaction, how));
  }

  /** Answers whether it was carried out: a stop keeps everything. */
  async carryOut(compaction: Compaction, { summarises, signal }: How): Promise<boolean> {
    const asks = summarises && compaction.turns > 0;
    const summary = asks ? await this.#options.summarise(signal) : null;
    if (signal?.aborted === true) return false;
    const reprefillMs = this.#options.msFor(compaction.reprefillTokens);
    this.#options.onNotice(compactionSentence(compaction, reprefillMs));
    this.#held.update((window) => applyCompaction(window, compaction, summary));
    return true;
  }

  #budgets({ windowTokens }: ContextCounts): Budgets {
    return budgetsFor(windowTokens, this.#answerTokens);
  }

  /** Once: the tools of a window are chosen when it is opened. */
  #tellOfTools(sentence: string | null): void {
    if (sentence === null || this.#toldOfTools) return;
    this.#toldOfTools = true;
    this.#options.onNotice(sentence);
  }
}
