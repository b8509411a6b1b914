import { setTimeout as delay } from "node:timers/promises";
import type { Lane } from "../lane/lane.ts";
import { Refusal } from "../refusal.ts";
import { ModelStore } from "../store/model-store.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { StoreOwner } from "./store-owner.ts";

/**
 * How long a model that is being loaded waits for its store. Opening it and recognising a model takes
 * milliseconds, but a model file that was never seen is read through, at about a gigabyte a second.
 * Nothing can be stored for that one, so it goes on without and gets its store when it is known.
 */
const ATTACH_MS_MAX = 2_000;
/**
 * How long saving may hold up a model on its way out of memory. The editor gives the sidecar two
 * seconds to end, in which the model and the store have to be closed as well.
 */
const SAVE_LAST_MS_MAX = 1_000;

/** Whose work saving is, as far as the lane is concerned. */
const STORE_AGENT = "store";

/** Brings the model in memory and the store on disk together. */
export class Keeping {
  readonly #owner: StoreOwner;
  readonly #lane: Lane;

  constructor(owner: StoreOwner, lane: Lane) {
    this.#owner = owner;
    this.#lane = lane;
  }

  /** Gives a model the store that is configured now, and answers it if it came in time. */
  async attach(model: LoadedModel): Promise<ModelStore | null> {
    return await Promise.race([this.#attach(model), delay(ATTACH_MS_MAX, null, { ref: false })]);
  }

  /** Saves while nobody wants the model, a block at a time; ends when the signal says that somebody does. */
  async saveIdle(
    { turns }: LoadedModel,
    signal: AbortSignal,
    isLoaded: () => boolean,
  ): Promise<void> {
    await turns.save({
      partial: false,
      signal,
      hold: async (job) => {
        try {
          return await this.#lane.run({ priority: "save", agent: STORE_AGENT, signal }, async () =>
            isLoaded() ? await job() : null,
          );
        } catch (error) {
          if (signal.aborted || error instanceof Refusal) return null;
          throw error;
        }
      },
    });
  }

  /**
   * Saves what is missing, to the last token, as far as there is time. The caller has the lane for
   * itself, and nothing touches the cells any more when this has ended.
   */
  async saveLast({ turns }: LoadedModel): Promise<void> {
    const ending = new AbortController();
    let block: Promise<unknown> = Promise.resolve();
    const saved = turns.save({
      partial: true,
      signal: ending.signal,
      hold: async (job) => {
        if (ending.signal.aborted) return null;
        const writing = job();
        block = writing;
        return await writing;
      },
    });
    const failed = saved.catch((error: unknown) =>
      this.#owner.say(`Saving failed: ${String(error)}`),
    );
    await Promise.race([failed, delay(SAVE_LAST_MS_MAX, undefined, { ref: false })]);
    ending.abort();
    await block.catch(() => undefined);
  }

  async #attach({ engine, turns }: LoadedModel): Promise<ModelStore | null> {
    turns.keepIn(null);
    const store = await this.#owner.current();
    if (store === null) return null;
    const stored = await ModelStore.open(engine, turns.kv, store, this.#owner.say);
    // Another one may have been configured meanwhile.
    if ((await this.#owner.current()) !== store) return null;
    turns.keepIn(stored);
    return stored;
  }
}
