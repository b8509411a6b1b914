import { type Database, open, type RootDatabase } from "lmdb";
import { BLOCK_TOKENS, type BlockKind } from "./block-chain.ts";
import type { CellsIdentity } from "./identity.ts";
import { JsonTable } from "./json-table.ts";

/** What the index may take on disk, at about a kilobyte a block. */
const INDEX_BYTES_MAX = 512 << 20;
const TABLES_MAX = 8;

/** Of a state, parent, position and length are those of the last link of the prompt's chain. */
export type BlockRecord = {
  readonly kind: BlockKind;
  readonly parent: string;
  /** The root of its chain. */
  readonly identity: string;
  readonly from: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly usedMs: number;
  readonly pinned: boolean;
};

export type IdentityRecord = CellsIdentity & { readonly modelPath: string };

/** A model file as the system describes it, so that its content is hashed once. */
export type ModelRecord = { readonly state: string; readonly modelHash: string };

type Totals = { readonly bytes: number; readonly pinnedBytes: number };

const TOTALS = "totals";
const NOTHING: Totals = { bytes: 0, pinnedBytes: 0 };

/**
 * Which blocks there are. Several processes have it open at once: readers never wait, writers take
 * turns, and one that is killed leaves the last committed state. All calls are synchronous; the
 * database's asynchronous ones would queue behind the engine's decodes.
 */
export class StoreIndex {
  readonly identities: JsonTable<IdentityRecord>;
  readonly models: JsonTable<ModelRecord>;
  readonly #root: RootDatabase<string, string>;
  readonly #blocks: JsonTable<BlockRecord>;
  /** Where prompts may end: blocks that are not full, and states, by what is before and length. */
  readonly #ends: Database<string, [parent: string, tokens: number]>;
  readonly #totals: JsonTable<Totals>;
  #closing: Promise<void> | null = null;

  constructor(folder: string) {
    this.#root = open<string, string>({
      path: folder,
      mapSize: INDEX_BYTES_MAX,
      maxDbs: TABLES_MAX,
      // A commit is on the disk when it returns, without a thread of the pool.
      overlappingSync: false,
    });
    this.#blocks = new JsonTable(this.#root, "blocks");
    this.identities = new JsonTable(this.#root, "identities");
    this.models = new JsonTable(this.#root, "models");
    this.#totals = new JsonTable(this.#root, "totals");
    this.#ends = this.#root.openDB({ name: "ends", dupSort: true, encoding: "string" });
  }

  get bytes(): number {
    return this.#total().bytes;
  }

  get pinnedBytes(): number {
    return this.#total().pinnedBytes;
  }

  /** Shows what other processes have committed since. */
  refresh(): void {
    this.#root.resetReadTxn();
  }

  /** Makes changes that are on the disk together or not at all, while no other process makes any. */
  transaction<T>(work: () => T): T {
    return this.#root.transactionSync(work);
  }

  get(hash: string): BlockRecord | undefined {
    return this.#blocks.get(hash);
  }

  all(): { hash: string; record: BlockRecord }[] {
    return this.#blocks.all();
  }

  put(hash: string, record: BlockRecord): void {
    const before = this.#blocks.get(hash);
    this.#blocks.put(hash, record);
    const isEnd = record.kind === "state" || record.tokens < BLOCK_TOKENS;
    if (isEnd && before === undefined) this.#ends.putSync([record.parent, record.tokens], hash);
    this.#count(before, record);
  }

  remove(hash: string): void {
    const record = this.#blocks.get(hash);
    this.#blocks.remove(hash);
    if (record === undefined) return;
    this.#ends.removeSync([record.parent, record.tokens], hash);
    this.#count(record, undefined);
  }

  /** Where prompts end that go on behind a parent for at most so many tokens; longest first. */
  endsBehind(parent: string, tokensMax: number): { hash: string; tokens: number }[] {
    const range = this.#ends.getRange({ start: [parent, 0], end: [parent, tokensMax + 1] });
    const found = [...range].map(({ key, value }) => ({ hash: value, tokens: key[1] }));
    return found.reverse();
  }

  /** The database must not be closed twice: its native code does not survive that. */
  async close(): Promise<void> {
    this.#closing ??= this.#root.close();
    await this.#closing;
  }

  #total(): Totals {
    return this.#totals.get(TOTALS) ?? NOTHING;
  }

  #count(before: BlockRecord | undefined, after: BlockRecord | undefined): void {
    const { bytes, pinnedBytes } = this.#total();
    const pinned = (record: BlockRecord | undefined): number =>
      record?.pinned === true ? record.bytes : 0;
    this.#totals.put(TOTALS, {
      bytes: bytes + (after?.bytes ?? 0) - (before?.bytes ?? 0),
      pinnedBytes: pinnedBytes + pinned(after) - pinned(before),
    });
  }
}
