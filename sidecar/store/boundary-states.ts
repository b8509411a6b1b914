import { setTimeout as after } from "node:timers/promises";
import { StoreFailure } from "./block-store.ts";
import { publishState, type WholeState, writeState } from "./write-state.ts";

/** What a state must have computed beyond a stored one. */
const SPACING_TOKENS = 1024;
/** Share of the prefill since the last one that writing a state may take. */
const WRITE_SHARE_MAX = 0.05;
/** Before anything was written; most disks' caches and all memory are faster. */
const BYTES_PER_MS_ASSUMED = 1_000_000;
/** A prompt waits so long for the store's thread, which may be busy with something long. */
const WAIT_MS_MAX = 200;

/**
 * Saves states at the boundaries where the engine keeps them in memory, because the state is gone
 * when the prompt goes on: the end of what conversations share, and now and then in a long prompt.
 * It happens in the middle of a prefill, so it must be cheap beside it; only the writing is waited
 * for, and the rest follows by itself.
 */
export class BoundaryStates {
  readonly #cells: WholeState;
  /** The fastest seen: what else the machine did is no part of the cost. */
  #bytesPerMs: number | null = null;
  #decodedMs = 0;
  #pending: Promise<void> | null = null;

  constructor(cells: WholeState) {
    this.#cells = cells;
    // A model that is made known once more goes on with the first of these.
    cells.kv.onCheckpoint ??= () => this.#save();
  }

  /** Waits for a state that is written and cannot be found yet. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  async #save(): Promise<void> {
    const { kv, files } = this.#cells;
    if (this.#pending !== null || kv.resident().length < SPACING_TOKENS) return;
    const costs = {
      bytes: files.bytesMax(),
      bytesPerMs: this.#bytesPerMs ?? BYTES_PER_MS_ASSUMED,
      decodedMs: kv.decodedMs - this.#decodedMs,
    };
    if (!isCheap(costs)) return;
    const tokens = [...kv.resident()];
    const prepared = this.#reserve(tokens, costs.bytes);
    const path = await Promise.race([prepared, after(WAIT_MS_MAX, null, { ref: false })]);
    if (path === null) return this.#follow(prepared);
    const startMs = performance.now();
    const written = await writeState(this.#cells, path, tokens);
    if (written.kind !== "written") return this.#follow(this.#cells.store.call("discard", path));
    const { stateBytes } = written;
    const speed = stateBytes / Math.max(1, performance.now() - startMs);
    this.#bytesPerMs = Math.max(this.#bytesPerMs ?? speed, speed);
    this.#decodedMs = kv.decodedMs;
    this.#follow(publishState(this.#cells, { path, tokens, stateBytes }));
  }

  /** Where to write, or `null` when it is stored, or nearly, or there is no room. */
  async #reserve(tokens: readonly number[], bytes: number): Promise<string | null> {
    const { store, identity } = this.#cells;
    try {
      const stored = await store.call("state", identity, Int32Array.from(tokens));
      if (tokens.length - (stored?.to ?? 0) < SPACING_TOKENS) return null;
      const room = await store.call("reserve", bytes, []);
      return room.kind === "full" ? null : room.path;
    } catch (error) {
      if (error instanceof StoreFailure) return null;
      throw error;
    }
  }

  /** Until it is over, no other state is saved; if it fails, this one is computed again one day. */
  #follow(work: Promise<unknown>): void {
    this.#pending = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.#pending = null;
      });
  }
}

/** Whether writing takes little beside what was computed since the last time. */
export function isCheap(costs: {
  readonly bytes: number;
  readonly bytesPerMs: number;
  readonly decodedMs: number;
}): boolean {
  return costs.bytes / costs.bytesPerMs <= costs.decodedMs * WRITE_SHARE_MAX;
}
