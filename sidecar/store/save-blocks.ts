import { ACTIVE } from "../kv/ledger.ts";
import { BLOCK_TOKENS } from "./block-chain.ts";
import { StoreFailure } from "./block-store.ts";
import type { Saved, SaveOptions, WrittenState } from "./saved.ts";
import type { ChainLink, Reservation, SealedBlock } from "./store-folder.ts";
import type { StoredBlocks } from "./stored-cells.ts";
import { writeBlock } from "./write-block.ts";

/** Blocks that become findable together: each such step waits for the disk. */
const BATCH_BLOCKS = 8;

/**
 * Saves what a branch holds, as far as its cells are exact, block by block. Only writing a block out
 * of the cells holds the lane; the branch may hold something else in between, and that ends it.
 */
export async function saveBlocks(cells: StoredBlocks, options: SaveOptions): Promise<Saved> {
  const { kv, store, identity } = cells;
  const branch = options.branch ?? ACTIVE;
  const most = Math.min(kv.ledger.exactTokens(branch), options.tokensMax ?? Infinity);
  const end = options.partial ? most : most - (most % BLOCK_TOKENS);
  const writing = new Writing(cells, branch, kv.ledger.tokensOf(branch).slice(0, end));
  try {
    const links = await store.call("chain", identity, Int32Array.from(writing.tokens));
    return await writing.run(links, options);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return writing.result([], "failed");
  }
}

/** One run of saving: the blocks that are written and not yet findable, and the figures. */
class Writing {
  readonly tokens: readonly number[];
  readonly #cells: StoredBlocks;
  readonly #branch: number;
  /** The whole chain: what stands before a new block must not be given up for it. */
  #hashes: readonly string[] = [];
  readonly #sealing: Promise<SealedBlock | null>[] = [];
  readonly #published = new Set<string>();
  /** Room for the next block, where it was asked for already. */
  #room: Promise<Reservation> | null = null;
  #bytes = 0;
  #heldMs = 0;
  #heldMsMax = 0;
  /** How large a block is; the first one shows it, and the floor of the disk bears that one. */
  #stateBytes = 0;

  constructor(cells: StoredBlocks, branch: number, tokens: readonly number[]) {
    this.#cells = cells;
    this.#branch = branch;
    this.tokens = tokens;
  }

  async run(links: readonly ChainLink[], { signal, hold }: SaveOptions): Promise<Saved> {
    this.#hashes = links.map(({ hash }) => hash);
    let ended: Saved["ended"] = "complete";
    const missing = links.filter(({ stored }) => !stored);
    for (const [index, link] of missing.entries()) {
      const isLast = index === missing.length - 1;
      ended = signal.aborted ? "aborted" : await this.#add(link, isLast, hold);
      if (ended !== "complete") break;
    }
    const published = await this.#publish();
    return this.result(links, published ? ended : "failed");
  }

  result(links: readonly ChainLink[], ended: Saved["ended"]): Saved {
    const missing = links.find(({ hash, stored }) => !stored && !this.#published.has(hash));
    return {
      storedTokens: missing?.from ?? links.at(-1)?.to ?? 0,
      savedBlocks: this.#published.size,
      savedBytes: this.#bytes,
      heldMs: this.#heldMs,
      heldMsMax: this.#heldMsMax,
      ended,
    };
  }

  async #add(link: ChainLink, isLast: boolean, hold: SaveOptions["hold"]): Promise<Saved["ended"]> {
    const { store } = this.#cells;
    const { hash, parent, from, to } = link;
    const room = await (this.#room ?? this.#reserve());
    this.#room = null;
    if (room.kind === "full") return "full";
    const { path } = room;
    const state = await hold(async () => await this.#write(path, link));
    if (state?.kind !== "written") {
      await store.call("discard", path);
      return state?.kind ?? "aborted";
    }
    const { stateBytes } = state;
    this.#stateBytes = Math.max(this.#stateBytes, stateBytes);
    // Asked for before this block is sealed, so that the next is written meanwhile.
    if (!isLast) this.#room = this.#reserve();
    const block = {
      kind: "block",
      hash,
      parent,
      from,
      tokens: this.tokens.slice(from, to),
    } as const;
    const sealing = store.call("seal", { path, block, stateBytes });
    // It is waited for with the others; until then its failure is nobody's.
    sealing.catch(() => undefined);
    this.#sealing.push(sealing);
    return this.#sealing.length < BATCH_BLOCKS || (await this.#publish()) ? "complete" : "failed";
  }

  #reserve(): Promise<Reservation> {
    const room = this.#cells.store.call("reserve", this.#stateBytes, this.#hashes);
    // It is waited for with the next block; until then its failure is nobody's.
    room.catch(() => undefined);
    return room;
  }

  async #write(path: string, { from, to }: ChainLink): Promise<WrittenState> {
    const startMs = performance.now();
    const branch = this.#branch;
    const state = await writeBlock(this.#cells, path, this.tokens.slice(0, to), { branch, from });
    const elapsedMs = performance.now() - startMs;
    this.#heldMs += elapsedMs;
    this.#heldMsMax = Math.max(this.#heldMsMax, elapsedMs);
    return state;
  }

  /** Answers whether all that was written is findable now. */
  async #publish(): Promise<boolean> {
    const { store, identity } = this.#cells;
    const sealed = await Promise.all(this.#sealing.splice(0));
    // A block is found through those before it, so nothing behind a failed one is of use.
    const whole = sealed.includes(null) ? sealed.indexOf(null) : sealed.length;
    const blocks = sealed.slice(0, whole).filter((block) => block !== null);
    for (const block of sealed.slice(whole)) {
      if (block !== null) await store.call("discard", block.path);
    }
    if (blocks.length > 0) {
      if (!(await store.call("publish", identity, blocks, this.#hashes))) return false;
      for (const { block, bytes } of blocks) {
        this.#published.add(block.hash);
        this.#bytes += bytes;
      }
    }
    return blocks.length === sealed.length;
  }
}
