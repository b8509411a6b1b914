import type { ContextCounts } from "../../../protocol/count.ts";
import type { WindowState } from "./window-state.ts";

/**
 * The least share of what a fold prefills that has to be old texts which it takes out. Below it, the few tokens of
 * an old Git status would have a whole turn prefilled again after each turn.
 */
const STALE_SHARE_MIN = 1 / 10;

/**
 * Tokens that folding a window would prefill again from a segment on. `null` where the fold would only take out old
 * texts, and too few of them: the newer ones behind them say what holds. Changed files are always worth it.
 */
export function foldTokens(
  { context, files, staleParts }: WindowState,
  fromIndex: number,
  { segments: tokens }: ContextCounts,
): number | null {
  const sum = (ids: readonly string[]): number =>
    ids.reduce((total, id) => total + (tokens[id] ?? 0), 0);
  const stale = sum(staleParts.map(({ segmentId }) => segmentId));
  const behind = sum(context.segments.slice(fromIndex).map(({ id }) => id)) - stale;
  const rewrites = files.some(({ pending, errataIds }) => pending !== null || errataIds.length > 0);
  return rewrites || stale >= behind * STALE_SHARE_MIN ? behind : null;
}
