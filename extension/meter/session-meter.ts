import type { DriftStatistics, MeterReading, StaleSince } from "../../protocol/meter.ts";
import { reusedTokens } from "../../protocol/usage.ts";

/** Turns kept for display; the totals go on counting beyond them. */
const TURNS_MAX = 100;

export type MeterTotals = {
  readonly turns: number;
  readonly promptTokens: number;
  readonly reusedTokens: number;
  /** Of the reused ones, what was read back from disk. */
  readonly restoredTokens: number;
  readonly prefilledTokens: number;
  readonly generatedTokens: number;
  readonly savedMs: number;
};

const nothing: MeterTotals = {
  turns: 0,
  promptTokens: 0,
  reusedTokens: 0,
  restoredTokens: 0,
  prefilledTokens: 0,
  generatedTokens: 0,
  savedMs: 0,
};

/** What the turns of one window have cost since it was opened. */
export class SessionMeter {
  readonly #turns: MeterReading[] = [];
  #totals = nothing;
  #staleTokens = 0;
  #staleSince: readonly StaleSince[] = [];
  #drift: DriftStatistics | null = null;

  add(reading: MeterReading): void {
    this.#staleTokens = reading.usage.staleTokens;
    this.#staleSince = reading.staleSince;
    // What the model repairs by itself is nobody's turn.
    if (reading.task === "fold") {
      this.#drift = reading.drift?.statistics ?? this.#drift;
      return;
    }
    this.#turns.push(reading);
    if (this.#turns.length > TURNS_MAX) this.#turns.shift();
    const turn = totalsOf(reading);
    this.#totals = {
      turns: this.#totals.turns + 1,
      promptTokens: this.#totals.promptTokens + turn.promptTokens,
      reusedTokens: this.#totals.reusedTokens + turn.reusedTokens,
      restoredTokens: this.#totals.restoredTokens + turn.restoredTokens,
      prefilledTokens: this.#totals.prefilledTokens + turn.prefilledTokens,
      generatedTokens: this.#totals.generatedTokens + turn.generatedTokens,
      savedMs: this.#totals.savedMs + turn.savedMs,
    };
  }

  /** The latest turns, oldest first. */
  get turns(): readonly MeterReading[] {
    return this.#turns;
  }

  get totals(): MeterTotals {
    return this.#totals;
  }

  /** Tokens of the conversation in place that saw an older text and are still to be repaired. */
  get staleTokens(): number {
    return this.#staleTokens;
  }

  /** Which edits made them stale. */
  get staleSince(): readonly StaleSince[] {
    return this.#staleSince;
  }

  /** What all repairs of the model found, as of the latest one. */
  get drift(): DriftStatistics | null {
    return this.#drift;
  }
}

export function totalsOf({ usage, savedMs }: MeterReading): MeterTotals {
  return {
    turns: 1,
    promptTokens: usage.promptTokens,
    reusedTokens: reusedTokens(usage),
    restoredTokens: usage.restoredTokens,
    prefilledTokens: usage.prefilledTokens,
    generatedTokens: usage.generatedTokens,
    savedMs,
  };
}

/** The share of the prompt tokens that were not computed again; `null` without a prompt. */
export function cachedShare(totals: MeterTotals): number | null {
  return totals.promptTokens === 0 ? null : totals.reusedTokens / totals.promptTokens;
}
