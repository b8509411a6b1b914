import type { StopReason } from "../../protocol/generate.ts";
import { type Divergence, reusedTokens, type Usage } from "../../protocol/usage.ts";

/** What one turn of the demonstration cost. */
export type TurnRecord = {
  readonly turn: number;
  readonly action: string;
  readonly usage: Usage;
  readonly hitRate: number;
  readonly firstTokenMs: number | null;
  readonly stop: StopReason;
  readonly divergence: Divergence | null;
};

export type Summary = {
  readonly turns: number;
  /** Also what an engine without a cache would have prefilled. */
  readonly promptTokens: number;
  readonly prefilledTokens: number;
  readonly reusedTokens: number;
  readonly hitRate: number;
};

export function summarise(records: readonly TurnRecord[]): Summary {
  const total = (count: (usage: Usage) => number): number =>
    records.reduce((sum, { usage }) => sum + count(usage), 0);
  const promptTokens = total((usage) => usage.promptTokens);
  const reused = total(reusedTokens);
  return {
    turns: records.length,
    promptTokens,
    prefilledTokens: total((usage) => usage.prefilledTokens),
    reusedTokens: reused,
    hitRate: shareOf(reused, promptTokens),
  };
}

export function hitRateOf(usage: Usage): number {
  return shareOf(reusedTokens(usage), usage.promptTokens);
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
