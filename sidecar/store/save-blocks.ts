import type { CellFiles } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { BLOCK_TOKENS } from "./block-chain.ts";
import type { BlockStore } from "./block-store.ts";
import type { ChainLink, SealedBlock } from "./store-folder.ts";

/** Blocks that become findable together: each such step waits for the disk twice. */
const BATCH_BLOCKS = 8;
/** Before a block of this identity has been written; its size is checked when it has been. */
const BLOCK_BYTES_FIRST = 1 << 20;

export type StoredCells = {
  readonly kv: KvState;
  readonly files: CellFiles;
  readonly store: BlockStore;
  /** The root of the chains of the model in memory. */
  readonly identity: string;
};

export type SaveOptions = {
  /** Whether the last block is saved though it is not full. */
  readonly partial: boolean;
  readonly signal: AbortSignal;
  /** Runs a job that needs the lane, for one block. */
  readonly hold: <T>(job: () => Promise<T>) => Promise<T>;
};

export type Saved = {
  /** Tokens at the front of the active branch that are in the store now. */
  readonly storedTokens: number;
  readonly savedBlocks: number;
  readonly savedBytes: number;
  /** Time for which the lane was held, in all and at most at once. */
  readonly heldMs: number;
  readonly heldMsMax: number;
  /** Why it ended before all was saved. */
  readonly ended: "complete" | "unsettled" | "moved" | "full" | "failed" | "aborted";
};

type Step = { readonly kind: "written"; readonly stateBytes: number } | { readonly kind: Stop };
type Stop = Exclude<Saved["ended"], "complete" | "aborted" | "full">;

/**
 * Saves what the active branch holds, as far as its cells are exact, block by block. Only writing a
 * block out of the cells holds the lane; another conversation may become active in between, and
 * that ends it.
 */
export async function saveBlocks(cells: StoredCells, options: SaveOptions): Promise<Saved> {
  const { kv, store, identity } = cells;
  const { partial, signal, hold } = options;
  const exact = kv.resident().slice(0, kv.exactTokens());
  const tokens = partial ? exact : exact.slice(0, exact.length - (exact.length % BLOCK_TOKENS));
  const links = await store.call("chain", identity, Int32Array.from(tokens));
  const hashes = links.map(({ hash }) => hash);
  const writing = new Writing(cells, tokens, hashes);
  let ended: Saved["ended"] = "complete";
  for (const link of links) {
    if (link.stored) continue;
    if (signal.aborted) ended = "aborted";
    else ended = await writing.add(link, hold);
    if (ended !== "complete") break;
  }
  return await writing.finish(links, ended);
}

/** One run of saving: the blocks that are written and not yet findable, and the figures. */
class Writing {
  readonly #cells: StoredCells;
  readonly #tokens: readonly number[];
  /** The whole chain: what stands before a new block must not be given up for it. */
  readonly #hashes: readonly string[];
  readonly #sealing: Promise<SealedBlock | null>[] = [];
  readonly #published = new Set<string>();
  #bytes = 0;
  #heldMs = 0;
  #heldMsMax = 0;
  #blockBytes = BLOCK_BYTES_FIRST;

  constructor(cells: StoredCells, tokens: readonly number[], hashes: readonly string[]) {
    this.#cells = cells;
    this.#tokens = tokens;
    this.#hashes = hashes;
  }

  async add(link: ChainLink, hold: SaveOptions["hold"]): Promise<Saved["ended"]> {
    const { store } = this.#cells;
    const room = await store.call("reserve", this.#blockBytes, this.#hashes);
    if (room.kind === "full") return "full";
    const step = await hold(async () => await this.#write(room.path, link));
    if (step.kind !== "written") {
      await store.call("discard", room.path);
      return step.kind;
    }
    this.#blockBytes = Math.max(this.#blockBytes, step.stateBytes);
    const { hash, parent, from, to } = link;
    const block = { hash, parent, from, tokens: this.#tokens.slice(from, to) };
    this.#sealing.push(store.call("seal", { path: room.path, block, stateBytes: step.stateBytes }));
    return this.#sealing.length < BATCH_BLOCKS || (await this.#publish()) ? "complete" : "failed";
  }

  async finish(links: readonly ChainLink[], ended: Saved["ended"]): Promise<Saved> {
    const whole = await this.#publish();
    const missing = links.find(({ hash, stored }) => !stored && !this.#published.has(hash));
    return {
      storedTokens: missing?.from ?? this.#tokens.length,
      savedBlocks: this.#published.size,
      savedBytes: this.#bytes,
      heldMs: this.#heldMs,
      heldMsMax: this.#heldMsMax,
      ended: whole ? ended : "failed",
    };
  }

  async #write(path: string, { from, to }: ChainLink): Promise<Step> {
    const startMs = performance.now();
    const step = await writeBlock(this.#cells, path, this.#tokens.slice(0, to), from);
    const elapsedMs = performance.now() - startMs;
    this.#heldMs += elapsedMs;
    this.#heldMsMax = Math.max(this.#heldMsMax, elapsedMs);
    return step;
  }

  /** Answers whether all that was written is findable now. */
  async #publish(): Promise<boolean> {
    const { store, identity } = this.#cells;
    const sealed = await Promise.all(this.#sealing.splice(0));
    // A block is found through those before it, so nothing behind a failed one is of use.
    const whole = sealed.indexOf(null) < 0 ? sealed.length : sealed.indexOf(null);
    const blocks = sealed.slice(0, whole).filter((block) => block !== null);
    for (const block of sealed.slice(whole)) {
      if (block !== null) await store.call("discard", block.path);
    }
    if (blocks.length === 0) return sealed.length === 0;
    if (!(await store.call("publish", identity, blocks, this.#hashes))) return false;
    for (const { block, bytes } of blocks) {
      this.#published.add(block.hash);
      this.#bytes += bytes;
    }
    return blocks.length === sealed.length;
  }
}

/**
 * Leaves one block alone in the active branch, writes it and puts everything back. Nothing is
 * written unless the cells are what a fresh prefill of these tokens would compute: a state saved
 * while keys wait for their rotation holds the old keys under new positions.
 */
async function writeBlock(
  { kv, files }: StoredCells,
  path: string,
  tokens: readonly number[],
  from: number,
): Promise<Step> {
  const { ledger } = kv;
  if (ledger.commonPrefix(ACTIVE, tokens) < tokens.length) return { kind: "moved" };
  if (ledger.hasPending || kv.exactTokens() < tokens.length) return { kind: "unsettled" };
  if (kv.freeBranches === 0) return { kind: "unsettled" };
  const aside = await kv.park(ACTIVE);
  try {
    kv.remove(ACTIVE, tokens.length, Number.POSITIVE_INFINITY);
    kv.remove(ACTIVE, 0, from);
    if (!ledger.isSettled(ACTIVE)) return { kind: "unsettled" };
    // A disk that is full or broken costs nothing but the block.
    const stateBytes = await files.save(path, tokens.slice(from)).catch(() => null);
    return stateBytes === null ? { kind: "failed" } : { kind: "written", stateBytes };
  } finally {
    await kv.exchange(aside);
    kv.drop(aside);
  }
}
