import { Refusal } from "../../refusal.ts";

/** A window is at least this long, or the model is of no use to an agent. */
const WINDOW_TOKENS_MIN = 512;
/** The window when nobody says otherwise: what agents need, though models may be trained for more. */
const WINDOW_TOKENS_DEFAULT = 32_768;
/** Cells beside the window, as a share of it, so that branches can be parked. */
const PARKED_SHARE = 0.5;
/** Cells beyond what is asked for: the library keeps one position free. */
const SPARE_CELLS = 256;
/** Share of the free memory that may be used. The rest is for the editor and the system. */
const MEMORY_SHARE = 0.9;

export type Fit = { readonly windowTokens: number; readonly cellsTokens: number };

/**
 * Chooses window (positions) and allocation (cells) so that both fit the memory there is: two
 * numbers, because a shift costs time in proportion to the allocation, and a position beyond the
 * trained context means nothing to the model.
 *
 * @param bytesFor what the model and a cache of that many cells need together.
 */
export function fit(options: {
  readonly trainedTokens: number;
  readonly requestedTokens: number | undefined;
  readonly freeBytes: number;
  readonly bytesFor: (cellsTokens: number) => number;
}): Fit {
  const { trainedTokens, requestedTokens, freeBytes, bytesFor } = options;
  if (requestedTokens !== undefined) requireUsable(requestedTokens, trainedTokens);
  const budgetBytes = freeBytes * MEMORY_SHARE;
  const fits = (cellsTokens: number): boolean => bytesFor(cellsTokens) <= budgetBytes;
  const wanted = requestedTokens ?? Math.min(trainedTokens, WINDOW_TOKENS_DEFAULT);
  const least = requestedTokens ?? Math.min(trainedTokens, WINDOW_TOKENS_MIN);
  let windowTokens = wanted;
  while (!fits(windowTokens + SPARE_CELLS)) {
    if (windowTokens <= least) {
      throw tooLarge(bytesFor(windowTokens + SPARE_CELLS), budgetBytes);
    }
    windowTokens = Math.max(least, Math.floor(windowTokens / 2));
  }
  const roomy = windowTokens + Math.floor(windowTokens * PARKED_SHARE) + SPARE_CELLS;
  return { windowTokens, cellsTokens: fits(roomy) ? roomy : windowTokens + SPARE_CELLS };
}

function requireUsable(requestedTokens: number, trainedTokens: number): void {
  if (requestedTokens >= 1 && requestedTokens <= trainedTokens) return;
  throw new Refusal(
    "badSetting",
    `A context size of ${requestedTokens} tokens is not possible: this model takes 1 to ${trainedTokens}.`,
    { requestedTokens, trainedTokens },
  );
}

function tooLarge(neededBytes: number, budgetBytes: number): Refusal {
  return new Refusal(
    "modelTooLarge",
    `The model needs ${gigabytes(neededBytes)} of memory and ${gigabytes(budgetBytes)} can be used.`,
    { neededBytes, budgetBytes },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
