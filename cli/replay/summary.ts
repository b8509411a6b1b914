import type { Usage } from "../../protocol/usage.ts";
import type { ReplayedCall, ReplayedSession } from "./messages.ts";

type Parts = Pick<
  Usage,
  "promptTokens" | "prefixTokens" | "splicedTokens" | "restoredTokens" | "forkedTokens"
>;

/** What a number of calls cost together. */
export type Totals = Parts & {
  readonly turns: number;
  readonly prefilledTokens: number;
  /** Decoded tokens of the answers, which no reuse saves. */
  readonly answerTokens: number;
  /** Tokens in use though computed when something before them read differently, over all calls. */
  readonly staleTokens: number;
  /** The share of prompt tokens that was not prefilled; `null` without a call. */
  readonly hitRatio: number | null;
  readonly firstTokenMsP50: number | null;
  readonly firstTokenMsP95: number | null;
  readonly alteredAnswers: number;
};

export type SessionRow = Totals &
  Pick<ReplayedSession, "session" | "recordedCalls" | "endedBecause">;

export function rowOf(replayed: ReplayedSession): SessionRow {
  const { session, recordedCalls, endedBecause } = replayed;
  return { session, ...totalsOf([replayed]), recordedCalls, endedBecause };
}

export function totalsOf(sessions: readonly ReplayedSession[]): Totals {
  const calls = sessions.flatMap((session) => session.calls);
  const total = (part: keyof Usage): number =>
    calls.reduce((sum, { usage }) => sum + usage[part], 0);
  const promptTokens = total("promptTokens");
  const prefilledTokens = total("prefilledTokens");
  return {
    turns: calls.length,
    promptTokens,
    prefixTokens: total("prefixTokens"),
    splicedTokens: total("splicedTokens"),
    restoredTokens: total("restoredTokens"),
    forkedTokens: total("forkedTokens"),
    prefilledTokens,
    answerTokens: total("generatedTokens"),
    staleTokens: total("staleTokens"),
    hitRatio: promptTokens === 0 ? null : 1 - prefilledTokens / promptTokens,
    firstTokenMsP50: firstTokenPercentile(calls, 0.5),
    firstTokenMsP95: firstTokenPercentile(calls, 0.95),
    alteredAnswers: sessions.reduce((sum, session) => sum + session.alteredAnswers, 0),
  };
}

/** By nearest rank, so that it is a time that was measured. */
function firstTokenPercentile(calls: readonly ReplayedCall[], share: number): number | null {
  const sorted = calls.map(({ firstTokenMs }) => firstTokenMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
