import { restoreBlocks } from "./restore-blocks.ts";
import { restoreState } from "./restore-state.ts";
import type { Restored } from "./restored.ts";
import type { StoredCells } from "./stored-cells.ts";

/**
 * Makes the front of a prompt resident from the store, where that is more than what is resident and
 * exact already. `wanted` is what is to be resident: when the last token of a prompt is decoded
 * together with the answer, the prompt without it, because not every model can cut it off again.
 * The caller has the lane.
 */
export async function restorePrefix(
  cells: StoredCells,
  wanted: readonly number[],
  signal: AbortSignal,
): Promise<Restored> {
  return await (cells.kind === "blocks"
    ? restoreBlocks(cells, wanted, signal)
    : restoreState(cells, wanted, signal));
}
