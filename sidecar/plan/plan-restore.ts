import { costMs, type Speeds } from "./cost.ts";
import type { Plan } from "./plan.ts";

/** Fewer tokens are computed as fast as the store is asked for them. */
export const RESTORE_TOKENS_MIN = 64;

/**
 * Whether to read the front of a prompt from the store first, which cuts what is resident behind the
 * exact prefix, rather than carry out the plan that is made without it. Behind what is restored all
 * is computed, so runs that the plan keeps there count for it.
 */
export function isRestoreCheaper(
  plan: Plan,
  {
    wantedTokens,
    exactTokens,
    storedTokens,
    speeds,
  }: {
    /** What has to be resident in the end. */
    readonly wantedTokens: number;
    /** Resident, exact and wanted already. */
    readonly exactTokens: number;
    readonly storedTokens: number;
    readonly speeds: Speeds;
  },
): boolean {
  const restoreTokens = Math.min(storedTokens, wantedTokens) - exactTokens;
  if (restoreTokens < RESTORE_TOKENS_MIN) return false;
  const planned = plan.pieces.reduce(
    (total, piece) => total + (piece.kind === "prefill" ? piece.to - piece.from : 0),
    0,
  );
  const shifts = plan.pieces.some((piece) => piece.kind === "keep" && piece.delta !== 0);
  const prefillTokens = Math.max(0, wantedTokens - storedTokens);
  const restoringMs = costMs({ prefillTokens, shifts: false, restoreTokens }, speeds);
  return restoringMs < costMs({ prefillTokens: planned, shifts }, speeds);
}
