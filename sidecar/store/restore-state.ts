import { ACTIVE } from "../kv/ledger.ts";
import { StoreFailure } from "./block-store.ts";
import type { DamagedBlock, Restored } from "./restored.ts";
import type { ChainLink } from "./store-folder.ts";
import type { StoredState } from "./stored-cells.ts";

/** What a state must save beyond what is resident, which it replaces with all kept states. */
const GAIN_TOKENS_MIN = 256;
/** States that are tried when longer ones turn out to be damaged. */
const ATTEMPTS_MAX = 8;

/**
 * Puts the longest stored state of a prompt in the place of what is resident, if that saves enough.
 * What the engine could come back to in what was resident is lost with it; the restored length is
 * kept to come back to instead.
 */
export async function restoreState(
  cells: StoredState,
  wanted: readonly number[],
  signal: AbortSignal,
): Promise<Restored> {
  const { kv } = cells;
  const startMs = performance.now();
  // As much as a cut would leave of it.
  const present = kv.landing(Math.min(kv.ledger.commonPrefix(ACTIVE, wanted), kv.exactTokens()));
  const lengthMin = present === 0 ? 1 : present + GAIN_TOKENS_MIN;
  const damaged: DamagedBlock[] = [];
  let lookupMs = 0;
  let restoredTokens = 0;
  let failure: string | null = null;
  try {
    const ids = Int32Array.from(wanted);
    for (let attempt = 0; attempt < ATTEMPTS_MAX && !signal.aborted; attempt++) {
      const found = await cells.store.call("state", cells.identity, ids);
      if (attempt === 0) lookupMs = performance.now() - startMs;
      if (found === null || found.to < lengthMin) break;
      const checked = await cells.store.call("check", found.hash, found.from);
      if (checked.kind === "usable") {
        if (await load(cells, checked.path, wanted, found)) restoredTokens = found.to - present;
        break;
      }
      // The store has forgotten it, so the next look-up finds a shorter one.
      damaged.push({ hash: found.hash, damage: checked.damage });
    }
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    failure = error.message;
  }
  return {
    restoredTokens,
    lookupMs,
    restoreMs: performance.now() - startMs,
    damaged,
    failure,
  };
}

async function load(
  { kv, files, store }: StoredState,
  path: string,
  wanted: readonly number[],
  { hash, to }: ChainLink,
): Promise<boolean> {
  await kv.trim(0);
  if (!(await files.load(path, wanted.slice(0, to)))) return false;
  kv.follow();
  await kv.checkpoint();
  // Nobody waits for this, and if it is lost the state only looks older than it is.
  store.call("touch", [hash]).catch(() => undefined);
  return true;
}
