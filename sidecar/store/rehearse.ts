import { ACTIVE, Ledger } from "../kv/ledger.ts";
import { BLOCK_TOKENS, blockHash } from "./block-chain.ts";
import { restoreBlocks } from "./restore-blocks.ts";
import { saveBlocks } from "./save-blocks.ts";
import type { StoredCells } from "./stored-cells.ts";

/** Ids that every vocabulary has. What they say does not matter. */
const TOKENS: readonly number[] = [0, 1];
/**
 * Each takes less than a millisecond. More would bring functions near the count at which they are
 * compiled anew, and the first question would pay for that.
 */
const TIMES = 2;
/** Blocks of ids after which the ledger's loops are compiled. All of them take about a millisecond. */
const LEDGER_TIMES = 64;
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
  rehearseLedger();
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

/** Two cells are too few for the loops over the ids of a whole block. */
function rehearseLedger(): void {
  const ledger = new Ledger(BLOCK_TOKENS);
  const block = Array.from({ length: BLOCK_TOKENS }, () => 0);
  for (let time = 0; time < LEDGER_TIMES; time++) {
    ledger.append(block);
    ledger.remove(ACTIVE, 0, Number.POSITIVE_INFINITY);
  }
}
