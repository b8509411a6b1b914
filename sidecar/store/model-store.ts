import type { Engine } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import { type BlockStore, StoreFailure } from "./block-store.ts";
import { rehearse } from "./rehearse.ts";
import { restoreBlocks } from "./restore-blocks.ts";
import { restoreState } from "./restore-state.ts";
import type { Restored } from "./restored.ts";
import { saveResident } from "./save-resident.ts";
import type { Saved, SaveOptions } from "./saved.ts";
import type { ChainLink } from "./store-folder.ts";
import { type StoredCells, storedCellsOf } from "./stored-cells.ts";

/** How long an answer waits to hear what is stored. The thread may be busy for somebody else. */
const LOOKUP_MS_MAX = 1_000;

const NOTHING: Stored = { tokens: 0, links: [] };

/** What is stored of a prompt. */
export type Stored = {
  /** At its front. */
  readonly tokens: number;
  /** In blocks, or the state behind all of it. */
  readonly links: readonly ChainLink[];
};

/** The store as one model in memory uses it. Nothing here fails: what went wrong is said. */
export class ModelStore {
  readonly #cells: StoredCells;
  readonly #recognise: () => Promise<unknown>;
  readonly #say: (sentence: string) => void;

  private constructor(
    cells: StoredCells,
    recognise: () => Promise<unknown>,
    say: (sentence: string) => void,
  ) {
    this.#cells = cells;
    this.#recognise = recognise;
    this.#say = say;
  }

  /**
   * Gets to know the model, which takes seconds for each ten gigabytes of a file that no process has
   * read for this before. `null` for a model of which nothing can be stored, or when the store fails.
   */
  static async open(
    engine: Engine,
    kv: KvState,
    store: BlockStore,
    say: (sentence: string) => void,
  ): Promise<ModelStore | null> {
    const recognise = async (): Promise<StoredCells | null> =>
      await storedCellsOf(engine, kv, store);
    try {
      const cells = await recognise();
      return cells === null ? null : new ModelStore(cells, recognise, say);
    } catch (error) {
      say(sentenceOf(error));
      return null;
    }
  }

  /** `blocks` are shared by prompts and read one by one; a `state` is all of what is resident. */
  get kind(): StoredCells["kind"] {
    return this.#cells.kind;
  }

  /** Makes the first restore as fast as the next ones. The cells are empty, and the caller has the lane. */
  async rehearse(): Promise<void> {
    try {
      await rehearse(this.#cells);
    } catch (error) {
      this.#say(sentenceOf(error));
    }
  }

  async lookup(wanted: readonly number[]): Promise<Stored> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<null>((resolve) => {
      late = setTimeout(resolve, LOOKUP_MS_MAX, null);
    });
    try {
      const links = (await Promise.race([this.#links(wanted), limit])) ?? [];
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
    const cells = this.#cells;
    const restored =
      cells.kind === "blocks"
        ? await restoreBlocks(cells, wanted, signal, links)
        : await restoreState(cells, wanted, signal);
    if (restored.failure !== null) this.#say(restored.failure);
    for (const { hash, damage } of restored.damaged) {
      this.#say(`What is stored as ${hash} is ${damage}; it is dropped and computed again.`);
    }
    return restored;
  }

  async save(options: SaveOptions): Promise<Saved["ended"]> {
    try {
      // Another process may have emptied the store since.
      await this.#recognise();
    } catch (error) {
      this.#say(sentenceOf(error));
      return "failed";
    }
    const { ended } = await saveResident(this.#cells, options);
    if (ended === "full") {
      this.#say("The store has no room for more: its budget or the disk is used up.");
    } else if (ended === "failed") this.#say("The store's disk did not take what was to be saved.");
    return ended;
  }

  /** Keeps stored blocks with which every new conversation begins. */
  async pin(tokens: readonly number[]): Promise<void> {
    try {
      const hashes = (await this.#links(tokens)).map(({ hash }) => hash);
      if (hashes.length > 0) await this.#cells.store.call("pin", hashes);
    } catch (error) {
      this.#say(sentenceOf(error));
    }
  }

  async #links(wanted: readonly number[]): Promise<readonly ChainLink[]> {
    const { kind, store, identity } = this.#cells;
    const ids = Int32Array.from(wanted);
    if (kind === "blocks") return await store.call("lookup", identity, ids);
    const state = await store.call("state", identity, ids);
    return state === null ? [] : [state];
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof StoreFailure) return error.message;
  throw error;
}
