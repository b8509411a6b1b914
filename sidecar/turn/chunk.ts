import { type Speeds, UNMEASURED } from "../plan/cost.ts";

/** The longest that a chunk should hold the lane, so that a cancel is felt at once. */
const CHUNK_MS_TARGET = 150;
const CHUNK_TOKENS_MIN = 16;
/**
 * On a CPU llama.cpp computes attention in tiles of so many tokens, and what is left over one by
 * one, which is two to three times slower a token (behind 4,096 tokens: 1,336 tokens/s in batches
 * of 64, 937 in batches of 65, 499 in batches of 63; 1,407 in batches of 192, 1,399 in batches of 512).
 * So chunks are whole tiles, and then nothing is lost by not filling a batch. A chunk that shrank
 * below a tile would measure a slower speed and stay small.
 */
const TILE_TOKENS = 64;
/** What one tile may take on a slow machine, so that a cancel still takes under a second. */
const CHUNK_MS_MAX = 750;
/** Share of the newest measurement in the running speed. */
const NEWEST_SHARE = 0.5;

/** Speeds as measured, for the planner, and the chunk length that follows from them. */
export class PrefillSpeed {
  #tokensPerMs: number | null = null;
  /** The cheapest seen: whatever else the machine did meanwhile is no part of the cost. */
  #shiftMs: number | null = null;
  #restoreTokenMs: number | null = null;

  get tokensPerMs(): number | null {
    return this.#tokensPerMs;
  }

  record(tokens: number, elapsedMs: number): void {
    // Tiny chunks measure the overhead of a call, not the speed of the model.
    if (tokens < CHUNK_TOKENS_MIN || elapsedMs <= 0) return;
    // The rest of a prompt is slow because it is no tile, which says nothing about those to come.
    const inTiles = this.#tokensPerMs !== null && this.chunkTokens(TILE_TOKENS) === TILE_TOKENS;
    if (inTiles && tokens < TILE_TOKENS) return;
    const newest = tokens / elapsedMs;
    this.#tokensPerMs =
      this.#tokensPerMs === null
        ? newest
        : this.#tokensPerMs * (1 - NEWEST_SHARE) + newest * NEWEST_SHARE;
  }

  /** A decode that first rotated shifted keys: what is left of its time is the pass of shifts. */
  recordShift(tokens: number, elapsedMs: number): void {
    if (this.#tokensPerMs === null) return;
    const shiftMs = Math.max(0, elapsedMs - tokens / this.#tokensPerMs);
    this.#shiftMs = Math.min(this.#shiftMs ?? shiftMs, shiftMs);
  }

  /** Reading from the store. The newest counts: the system's file cache decides how long it takes. */
  recordRestore(tokens: number, elapsedMs: number): void {
    if (tokens > 0) this.#restoreTokenMs = elapsedMs / tokens;
  }

  /** What was too slow once, on a cold disk, is tried again some time. */
  doubtRestore(): void {
    if (this.#restoreTokenMs !== null) this.#restoreTokenMs /= 2;
  }

  /** What is not measured yet counts as nothing, so that it is tried and then known. */
  get speeds(): Speeds {
    if (this.#tokensPerMs === null) return UNMEASURED;
    return {
      tokenMs: 1 / this.#tokensPerMs,
      shiftMs: this.#shiftMs ?? 0,
      ...(this.#restoreTokenMs === null ? {} : { restoreTokenMs: this.#restoreTokenMs }),
    };
  }

  chunkTokens(batchTokens: number): number {
    if (this.#tokensPerMs === null) return Math.min(TILE_TOKENS, batchTokens);
    const fitting = Math.floor((this.#tokensPerMs * CHUNK_MS_TARGET) / TILE_TOKENS) * TILE_TOKENS;
    const bearable = Math.floor(this.#tokensPerMs * CHUNK_MS_MAX);
    const least = Math.max(CHUNK_TOKENS_MIN, Math.min(TILE_TOKENS, bearable));
    return Math.min(batchTokens, Math.max(least, fitting));
  }
}
