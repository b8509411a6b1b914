import { blockHash } from "./block-chain.ts";
import { restoreBlocks } from "./restore-blocks.ts";
import { saveBlocks } from "./save-blocks.ts";
import type { StoredCells } from "./stored-cells.ts";

/** Ids that every vocabulary has. What they say does not matter. */
const TOKENS: readonly number[] = [0, 1];
/** Each takes less than a millisecond, and after so many the next one is not faster any more. */
const TIMES = 8;
const NEVER = new AbortController().signal;

/**
 * Saves and restores two cells, and removes them again. The first use of all this in a process takes
 * twice as long as the later ones, and the first question would wait for it. Wants the cells empty
 * and leaves them so; the caller has the lane. States are not rehearsed: one that is as short says
 * little about the others.
 */
export async function rehearse(cells: StoredCells): Promise<void> {
  const { kv, store, identity } = cells;
  if (cells.kind !== "blocks" || kv.resident().length > 0) return;
  try {
    await kv.decode(TOKENS);
    await saveBlocks(cells, { partial: true, signal: NEVER, hold: async (job) => await job() });
    for (let time = 0; time < TIMES; time++) {
      await kv.trim(0);
      await restoreBlocks(cells, TOKENS, NEVER);
    }
  } finally {
    await kv.trim(0);
    await store.call("remove", [blockHash(identity, TOKENS)]);
  }
}
