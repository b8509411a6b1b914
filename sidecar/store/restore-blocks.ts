import { ACTIVE } from "../kv/ledger.ts";
import { type BlockStore, StoreFailure } from "./block-store.ts";
import type { DamagedBlock, Restored } from "./restored.ts";
import type { ChainLink, CheckedBlock } from "./store-folder.ts";
import type { StoredBlocks } from "./stored-cells.ts";

/** Blocks that the thread reads ahead of the engine. */
const BLOCKS_AHEAD_MAX = 4;

/**
 * Makes the front of a prompt resident from the store, behind what is resident and exact already.
 * Each block is read through by the store's thread while the engine loads the one before it. The
 * first that is not what it was ends it, and what is missing is for the caller to compute. A
 * first block that is damaged costs nothing that was resident. `links` is what a look-up has found.
 */
export async function restoreBlocks(
  cells: StoredBlocks,
  wanted: readonly number[],
  signal: AbortSignal,
  links?: readonly ChainLink[],
): Promise<Restored> {
  const { kv, store, identity } = cells;
  const startMs = performance.now();
  const present = Math.min(kv.ledger.commonPrefix(ACTIVE, wanted), kv.exactTokens());
  let lookupMs = 0;
  let end = present;
  let damaged: readonly DamagedBlock[] = [];
  let failure: string | null = null;
  try {
    const found = links ?? (await store.call("lookup", identity, Int32Array.from(wanted)));
    lookupMs = performance.now() - startMs;
    const checks = new Checks(
      store,
      found.filter(({ to }) => to > present),
    );
    end = Math.max(present, await load(cells, wanted, checks, signal));
    damaged = await checks.end();
    const used = found.filter(({ to }) => to <= end).map(({ hash }) => hash);
    // Nobody waits for this, and if it is lost the blocks only look older than they are.
    if (used.length > 0) store.call("touch", used).catch(() => undefined);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    failure = error.message;
    end = Math.max(present, Math.min(kv.ledger.commonPrefix(ACTIVE, wanted), kv.exactTokens()));
  }
  const restoreMs = performance.now() - startMs;
  return { restoredTokens: end - present, lookupMs, restoreMs, damaged, failure };
}

/** Loads blocks until one is not usable. Answers behind which token it ended. */
async function load(
  { kv, files }: StoredBlocks,
  wanted: readonly number[],
  checks: Checks,
  signal: AbortSignal,
): Promise<number> {
  const [first] = checks.links;
  // Loading is no decode: keys that wait for their rotation would be taken for rotated. And a block
  // knows its positions, so there must be no hole before it.
  if (first === undefined || kv.ledger.hasPending) return 0;
  if (kv.ledger.endOf(ACTIVE, first.from) !== first.from) return 0;
  try {
    for (const { from, to } of checks.links) {
      const checked = signal.aborted ? null : await checks.next();
      if (checked?.kind !== "usable") return from;
      // Only now: a damaged file must cost nothing that was computed.
      if (from === first.from) await kv.trim(from);
      if (kv.ledger.freeTokens < to - kv.ledger.endOf(ACTIVE)) return from;
      const appended = files.append(checked.path, wanted.slice(from, to));
      // The ledger takes the block before this one in while this one is loaded.
      kv.follow();
      if (!(await appended)) return from;
    }
    return checks.links.at(-1)!.to;
  } finally {
    kv.follow();
  }
}

/** The checks of a run of blocks, a few of them under way before they are asked for. */
class Checks {
  readonly links: readonly ChainLink[];
  readonly #store: BlockStore;
  readonly #started: Promise<CheckedBlock>[] = [];
  #next = 0;

  constructor(store: BlockStore, links: readonly ChainLink[]) {
    this.#store = store;
    this.links = links;
  }

  async next(): Promise<CheckedBlock> {
    const ahead = Math.min(this.links.length, this.#next + 1 + BLOCKS_AHEAD_MAX);
    while (this.#started.length < ahead) {
      const { hash, from } = this.links[this.#started.length]!;
      const check = this.#store.call("check", hash, from);
      // It is waited for in its turn; until then its failure is nobody's.
      check.catch(() => undefined);
      this.#started.push(check);
    }
    return await this.#started[this.#next++]!;
  }

  /** Waits for what is under way, so that no damage that was found goes unsaid. */
  async end(): Promise<DamagedBlock[]> {
    const checked = await Promise.all(this.#started);
    return checked.flatMap((outcome, index) =>
      outcome.kind === "unusable"
        ? [{ hash: this.links[index]!.hash, damage: outcome.damage }]
        : [],
    );
  }
}
