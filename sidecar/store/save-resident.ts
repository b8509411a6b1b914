import { saveBlocks } from "./save-blocks.ts";
import type { Saved, SaveOptions } from "./saved.ts";
import { saveState } from "./save-state.ts";
import type { StoredCells } from "./stored-cells.ts";

/**
 * Saves what the active branch holds and the store does not have yet. Only reading cells out of the
 * engine holds the lane: one block at a time, or the state once.
 */
export async function saveResident(cells: StoredCells, options: SaveOptions): Promise<Saved> {
  return await (cells.kind === "blocks" ? saveBlocks(cells, options) : saveState(cells, options));
}
