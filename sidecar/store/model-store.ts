import type { Engine } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import { type BlockStore, StoreFailure } from "./block-store.ts";
import { type Restored, restoreBlocks } from "./restore-blocks.ts";
import { type Saved, saveBlocks, type SaveOptions } from "./save-blocks.ts";
import type { ChainLink } from "./store-folder.ts";
import type { StoredCells } from "./stored-cells.ts";

/** How long an answer waits to hear what is stored. The thread may be busy for somebody else. */
const LOOKUP_MS_MAX = 1_000;

const NOTHING: Stored = { tokens: 0, links: [] };

/** What is stored of a prompt. */
export type Stored = {
  /** At its front. */
  readonly tokens: number;
  readonly links: readonly ChainLink[];
};

/** The store as one model in memory uses it. Nothing here fails: what went wrong is said. */
export class ModelStore {
  readonly #cells: StoredCells;
  readonly #identify: () => Promise<string>;
  readonly #say: (sentence: string) => void;

  private constructor(
    cells: StoredCells,
    identify: () => Promise<string>,
    say: (sentence: string) => void,
  ) {
    this.#cells = cells;
    this.#identify = identify;
    this.#say = say;
  }

  /**
   * Gets to know the model, which takes seconds for each ten gigabytes of a file that no process has
   * read for this before. `null` for a model whose state cannot be cut into blocks, or when
   * the store fails.
   */
  static async open(
    { facts, cellFiles: files }: Engine,
    kv: KvState,
    store: BlockStore,
    say: (sentence: string) => void,
  ): Promise<ModelStore | null> {
    if (files === undefined || !kv.canMove) return null;
    const format = { ...files.format, cacheType: facts.cacheType };
    const identify = async (): Promise<string> => await store.call("identify", facts.path, format);
    try {
      const identity = await identify();
      return new ModelStore({ kv, files, store, identity }, identify, say);
    } catch (error) {
      say(sentenceOf(error));
      return null;
    }
  }

  async lookup(wanted: readonly number[]): Promise<Stored> {
    const { store, identity } = this.#cells;
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<null>((resolve) => {
      late = setTimeout(resolve, LOOKUP_MS_MAX, null);
    });
    try {
      const found = store.call("lookup", identity, Int32Array.from(wanted));
      const links = (await Promise.race([found, limit])) ?? [];
      return { tokens: links.at(-1)?.to ?? 0, links };
    } catch (error) {
      this.#say(sentenceOf(error));
      return NOTHING;
    } finally {
      clearTimeout(late);
    }
  }

  /** Makes resident what a look-up has found. The caller has the lane. */
  async restore(
    wanted: readonly number[],
    { links }: Stored,
    signal: AbortSignal,
  ): Promise<Restored> {
    const restored = await restoreBlocks(this.#cells, wanted, signal, links);
    if (restored.failure !== null) this.#say(restored.failure);
    for (const { hash, damage } of restored.damaged) {
      this.#say(`The stored block ${hash} is ${damage}; it is dropped and computed again.`);
    }
    return restored;
  }

  async save(options: SaveOptions): Promise<Saved["ended"]> {
    try {
      // Another process may have emptied the store since.
      await this.#identify();
    } catch (error) {
      this.#say(sentenceOf(error));
      return "failed";
    }
    const { ended } = await saveBlocks(this.#cells, options);
    if (ended === "full") {
      this.#say("The store has no room for more: its budget or the disk is used up.");
    } else if (ended === "failed") this.#say("The store's disk did not take what was to be saved.");
    return ended;
  }

  /** Keeps stored blocks with which every new conversation begins. */
  async pin(tokens: readonly number[]): Promise<void> {
    const { store, identity } = this.#cells;
    try {
      const links = await store.call("lookup", identity, Int32Array.from(tokens));
      const hashes = links.map(({ hash }) => hash);
      if (hashes.length > 0) await store.call("pin", hashes);
    } catch (error) {
      this.#say(sentenceOf(error));
    }
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof StoreFailure) return error.message;
  throw error;
}
