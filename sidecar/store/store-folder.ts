import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { BLOCK_TOKENS, type Block, blockChain, blockHash } from "./block-chain.ts";
import { checkBlockFile, describeBlockFile, type Damage, sealBlockFile } from "./block-file.ts";
import { chooseVictims } from "./choose-victims.ts";
import { type CellsIdentity, identityHash } from "./identity.ts";
import { modelHashOf } from "./model-hash.ts";
import { type BlockRecord, StoreIndex } from "./store-index.ts";
import { StorePaths } from "./store-paths.ts";

export type StoreSettings = {
  readonly folder: string;
  /** What the blocks may take together. */
  readonly budgetBytes: number;
  /** Bytes of the disk that stay free whatever the budget says. */
  readonly freeFloorBytes: number;
};

/** A block of a prompt's chain; `to` is behind its last token. */
export type ChainLink = {
  readonly hash: string;
  readonly parent: string;
  readonly from: number;
  readonly to: number;
  readonly stored: boolean;
};

export type CheckedBlock =
  | { readonly kind: "usable"; readonly path: string }
  | { readonly kind: "unusable"; readonly damage: Damage };

/** The state of a block as the engine wrote it. */
export type WrittenBlock = {
  readonly path: string;
  readonly block: Block;
  readonly stateBytes: number;
};

/** `full`: budget or disk have no room, even with all that may be given up. */
export type Reservation =
  | { readonly kind: "granted"; readonly path: string }
  | { readonly kind: "full" };

export type SealedBlock = Omit<WrittenBlock, "stateBytes"> & { readonly bytes: number };

/** Half of the budget is always left to what is not pinned. */
export const PINNED_SHARE_MAX = 0.5;
/** What an eviction frees beyond its need, as a share of the budget. */
const EVICTED_SHARE = 0.02;

/**
 * The blocks on disk and their index. Files are complete before they get their name, and named
 * before the index knows them; both happen in one exclusive transaction of the index, so several
 * processes and a kill at any moment leave a store in which every entry has its file.
 */
export class StoreFolder {
  readonly settings: StoreSettings;
  readonly paths: StorePaths;
  readonly index: StoreIndex;

  constructor(settings: StoreSettings) {
    this.settings = settings;
    this.paths = new StorePaths(settings.folder);
    for (const folder of [this.paths.index, this.paths.blocks, this.paths.temporary]) {
      mkdirSync(folder, { recursive: true });
    }
    this.index = new StoreIndex(this.paths.index);
  }

  async close(): Promise<void> {
    await this.index.close();
  }

  /** The root of the chains of a model, which it gets to know by reading its file once. */
  identify(modelPath: string, cells: Omit<CellsIdentity, "modelHash">): string {
    const identity = { ...cells, modelHash: modelHashOf(modelPath, this.index) };
    const hash = identityHash(identity);
    this.index.refresh();
    // Writing takes a wait for the disk, and this is asked before every saving.
    if (this.index.identities.get(hash)?.modelPath !== modelPath) {
      this.index.transaction(() => this.index.identities.put(hash, { ...identity, modelPath }));
    }
    return hash;
  }

  /** All blocks of a prompt in order, and which of them are stored. */
  chain(root: string, tokens: Int32Array): ChainLink[] {
    this.index.refresh();
    return blockChain(root, [...tokens]).map(({ hash, parent, from, tokens: run }) => ({
      hash,
      parent,
      from,
      to: from + run.length,
      stored: this.index.get(hash) !== undefined,
    }));
  }

  /** The longest prefix of a prompt that is stored in blocks. */
  lookup(root: string, tokens: Int32Array): ChainLink[] {
    this.index.refresh();
    const found: ChainLink[] = [];
    let parent = root;
    let from = 0;
    for (; from + BLOCK_TOKENS <= tokens.length; from += BLOCK_TOKENS) {
      const hash = blockHash(parent, tokens.subarray(from, from + BLOCK_TOKENS));
      if (this.index.get(hash) === undefined) break;
      found.push({ hash, parent, from, to: from + BLOCK_TOKENS, stored: true });
      parent = hash;
    }
    for (const partial of this.index.endsBehind(parent, tokens.length - from)) {
      const to = from + partial.tokens;
      if (blockHash(parent, tokens.subarray(from, to)) !== partial.hash) continue;
      return [...found, { hash: partial.hash, parent, from, to, stored: true }];
    }
    return found;
  }

  /** All tokens up to the end of a block or a state, or `null` when the store does not have them all. */
  tokensOf(hash: string): number[] | null {
    this.index.refresh();
    const runs: (readonly number[])[] = [];
    for (let at = hash; ;) {
      const record = this.index.get(at);
      if (record === undefined) return null;
      const described = describeBlockFile(this.paths.ofBlock(record.identity, at));
      if (described.kind === "unusable" || described.block.hash !== at) return null;
      const { from, parent, tokens } = described.block;
      runs.unshift(tokens);
      if (from === 0) return runs.flat();
      at = parent;
    }
  }

  /** Reads a block's file through. One that is not what it was is forgotten and deleted. */
  check(hash: string, from: number): CheckedBlock {
    this.index.refresh();
    const record = this.index.get(hash);
    if (record === undefined) return { kind: "unusable", damage: "missing" };
    const path = this.paths.ofBlock(record.identity, hash);
    const outcome = checkBlockFile(path, hash);
    const usable =
      outcome.kind === "usable" &&
      outcome.block.from === from &&
      outcome.block.kind === record.kind;
    if (usable) return { kind: "usable", path };
    this.remove([hash]);
    return { kind: "unusable", damage: outcome.kind === "usable" ? "altered" : outcome.damage };
  }

  /** Asks for room for a block, which may cost others theirs, and answers where to write it. */
  reserve(bytes: number, keep: readonly string[]): Reservation {
    if (!this.makeRoom(bytes, keep)) return { kind: "full" };
    const path = join(this.paths.temporary, `${process.pid}-${randomUUID()}`);
    return { kind: "granted", path };
  }

  /** Evicts until so many more bytes keep to the budget and to the floor of the disk. */
  makeRoom(bytes: number, keep: readonly string[]): boolean {
    const { budgetBytes, freeFloorBytes } = this.settings;
    this.index.refresh();
    const { bavail, bsize } = statfsSync(this.paths.blocks);
    const over = this.index.bytes + bytes - budgetBytes;
    const short = freeFloorBytes + bytes - bavail * bsize;
    const bytesMin = Math.max(over, short);
    if (bytesMin <= 0) return true;
    const bytesBetter = bytesMin + budgetBytes * EVICTED_SHARE;
    const kept = { bytesMin, bytesBetter, keep: new Set(keep) };
    const victims = chooseVictims(this.index.all(), kept);
    if (victims !== null) this.remove(victims);
    return victims !== null;
  }

  /** Completes a file. `null` when the disk did not take all of it. */
  seal({ path, block, stateBytes }: WrittenBlock): SealedBlock | null {
    const bytes = sealBlockFile(path, block, stateBytes);
    if (bytes !== null) return { path, block, bytes };
    this.discard(path);
    return null;
  }

  /** Deletes the file of a reservation that is not used. */
  discard(path: string): void {
    rmSync(path, { force: true });
  }

  /**
   * Gives sealed blocks their names, lets them be found and makes those before them as recent.
   * Answers whether disk and index took it.
   */
  publish(
    identity: string,
    blocks: readonly SealedBlock[],
    before: readonly string[],
    nowMs: number,
  ): boolean {
    const folder = this.paths.ofIdentity(identity);
    try {
      this.index.transaction(() => {
        mkdirSync(folder, { recursive: true });
        for (const { path, block } of blocks) {
          renameSync(path, this.paths.ofBlock(identity, block.hash));
        }
        writeOutFolder(folder);
        for (const { block, bytes } of blocks) this.enter(identity, block, bytes, nowMs);
        this.#update(before, (record) => ({ ...record, usedMs: nowMs }));
      });
      // Several blocks were granted room before any of them took it.
      this.makeRoom(0, before);
      return true;
    } catch {
      for (const { path } of blocks) this.discard(path);
      this.#deleteUnknown(
        blocks.map(({ block: { hash } }) => [hash, this.paths.ofBlock(identity, hash)]),
      );
      return false;
    }
  }

  /** Lets the index know a file that is in its place. The caller has a transaction. */
  enter(identity: string, block: Block, bytes: number, nowMs: number): void {
    const { kind, hash } = block;
    const { parent, from, tokens } =
      kind === "state" ? blockChain(block.parent, block.tokens).at(-1)! : block;
    const pinned = this.index.get(hash)?.pinned ?? false;
    const place = { kind, identity, parent, from, tokens: tokens.length };
    this.index.put(hash, { ...place, bytes, usedMs: nowMs, pinned });
  }

  touch(hashes: readonly string[], nowMs: number): void {
    this.index.transaction(() => {
      this.#update(hashes, (record) => ({ ...record, usedMs: Math.max(record.usedMs, nowMs) }));
    });
  }

  /** Keeps blocks when others are evicted. Answers whether the budget lets them all be kept. */
  pin(hashes: readonly string[], pinned: boolean): boolean {
    this.index.refresh();
    const records = hashes.map((hash) => this.index.get(hash)).filter((one) => one !== undefined);
    const added = records.filter((one) => !one.pinned).reduce((sum, { bytes }) => sum + bytes, 0);
    const most = this.settings.budgetBytes * PINNED_SHARE_MAX;
    if (pinned && this.index.pinnedBytes + added > most) return false;
    this.index.transaction(() => this.#update(hashes, (record) => ({ ...record, pinned })));
    return true;
  }

  /** Forgets blocks, then deletes their files unless another process has saved them again. */
  remove(hashes: readonly string[]): void {
    const paths = new Map<string, string>();
    this.index.transaction(() => {
      for (const hash of hashes) {
        const record = this.index.get(hash);
        if (record === undefined) continue;
        paths.set(hash, this.paths.ofBlock(record.identity, hash));
        this.index.remove(hash);
      }
    });
    this.#deleteUnknown([...paths]);
  }

  /** In a transaction, so that no process is between naming a file and entering it. */
  #deleteUnknown(paths: readonly (readonly [hash: string, path: string])[]): void {
    this.index.transaction(() => {
      for (const [hash, path] of paths) {
        if (this.index.get(hash) === undefined) rmSync(path, { force: true });
      }
    });
  }

  #update(hashes: readonly string[], change: (record: BlockRecord) => BlockRecord): void {
    for (const hash of hashes) {
      const record = this.index.get(hash);
      if (record !== undefined) this.index.put(hash, change(record));
    }
  }
}

/** So that the names survive a power cut. Windows does not open folders, and keeps names anyway. */
function writeOutFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
