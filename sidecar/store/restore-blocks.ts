import { ACTIVE } from "../kv/ledger.ts";
import type { BlockStore } from "./block-store.ts";
import type { Damage } from "./block-file.ts";
import type { StoredCells } from "./save-blocks.ts";
import type { ChainLink, CheckedBlock } from "./store-folder.ts";

/** Blocks that the thread reads ahead of the engine. */
const BLOCKS_AHEAD_MAX = 4;

export type Restored = {
  /** Tokens that came from the disk and were not resident. */
  readonly restoredTokens: number;
  readonly lookupMs: number;
  /** All of it, the look-up included. */
  readonly restoreMs: number;
  /** Blocks that were not what they should be. The store has dropped them; say so once. */
  readonly damaged: readonly DamagedBlock[];
};

type DamagedBlock = { readonly hash: string; readonly damage: Damage };

/**
 * Makes the front of a prompt resident from the store, behind what is resident and exact already.
 * Each block is read through by the store's thread while the engine loads the one before it. The
 * first that is not what it was ends it, and what is missing is for the caller to compute.
 */
export async function restoreBlocks(
  { kv, files, store, identity }: StoredCells,
  wanted: readonly number[],
  signal: AbortSignal,
): Promise<Restored> {
  const startMs = performance.now();
  const found = await store.call("lookup", identity, Int32Array.from(wanted));
  const lookupMs = performance.now() - startMs;
  const present = Math.min(kv.ledger.commonPrefix(ACTIVE, wanted), kv.exactTokens());
  const links = found.filter(({ to }) => to > present);
  const [first] = links;
  const checks = new Checks(store, links);
  let end = present;
  // Loading is no decode: keys that wait for their rotation would be taken for rotated.
  if (first !== undefined && !kv.ledger.hasPending) {
    await kv.trim(first.from);
    for (const { from, to } of links) {
      if (signal.aborted || kv.ledger.freeTokens < to - from) break;
      const checked = await checks.next();
      if (checked.kind === "unusable") break;
      if (!(await files.append(checked.path, wanted.slice(from, to)))) break;
      kv.follow();
      end = to;
    }
  }
  const damaged = await checks.end();
  const restoreMs = performance.now() - startMs;
  const used = found.filter(({ to }) => to <= end).map(({ hash }) => hash);
  // Nobody waits for this, and if it is lost the blocks only look older than they are.
  if (used.length > 0) store.call("touch", used).catch(() => undefined);
  return { restoredTokens: Math.max(0, end - present), lookupMs, restoreMs, damaged };
}

/** The checks of a run of blocks, a few of them under way before they are asked for. */
class Checks {
  readonly #store: BlockStore;
  readonly #links: readonly ChainLink[];
  readonly #started: Promise<CheckedBlock>[] = [];
  #next = 0;

  constructor(store: BlockStore, links: readonly ChainLink[]) {
    this.#store = store;
    this.#links = links;
  }

  async next(): Promise<CheckedBlock> {
    const ahead = Math.min(this.#links.length, this.#next + 1 + BLOCKS_AHEAD_MAX);
    while (this.#started.length < ahead) {
      const { hash, from } = this.#links[this.#started.length]!;
      this.#started.push(this.#store.call("check", hash, from));
    }
    return await this.#started[this.#next++]!;
  }

  /** Waits for what is under way, so that no damage that was found goes unsaid. */
  async end(): Promise<DamagedBlock[]> {
    const checked = await Promise.all(this.#started);
    return checked.flatMap((outcome, index) =>
      outcome.kind === "unusable"
        ? [{ hash: this.#links[index]!.hash, damage: outcome.damage }]
        : [],
    );
  }
}
