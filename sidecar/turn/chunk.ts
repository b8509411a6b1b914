/** The longest that a chunk should hold the lane, so that a cancel is felt at once. */
const CHUNK_MS_TARGET = 150;
const CHUNK_TOKENS_MIN = 16;
/**
 * Smaller batches are computed another way that is two to three times slower a token (measured on
 * CPU at 6,144 tokens: 485 tokens/s in batches of 64, 195 in batches of 32). A chunk that shrank
 * below this would measure a slower speed and stay small.
 */
const CHUNK_TOKENS_EFFICIENT = 64;
/** What an efficient chunk may take on a slow machine, so that a cancel still takes under a second. */
const CHUNK_MS_MAX = 750;
/** Before anything has been measured. */
const CHUNK_TOKENS_FIRST = 64;
/** Share of the newest measurement in the running speed. */
const NEWEST_SHARE = 0.5;

/** Prefill speed as measured, and the chunk length that follows from it. */
export class PrefillSpeed {
  #tokensPerMs: number | null = null;

  get tokensPerMs(): number | null {
    return this.#tokensPerMs;
  }

  record(tokens: number, elapsedMs: number): void {
    // Tiny chunks measure the overhead of a call, not the speed of the model.
    if (tokens < CHUNK_TOKENS_MIN || elapsedMs <= 0) return;
    const newest = tokens / elapsedMs;
    this.#tokensPerMs =
      this.#tokensPerMs === null
        ? newest
        : this.#tokensPerMs * (1 - NEWEST_SHARE) + newest * NEWEST_SHARE;
  }

  /** Tokens that could be prefilled in a time; 0 while nothing is known. */
  tokensFor(elapsedMs: number): number {
    return this.#tokensPerMs === null ? 0 : Math.floor(this.#tokensPerMs * elapsedMs);
  }

  chunkTokens(batchTokens: number): number {
    if (this.#tokensPerMs === null) return Math.min(CHUNK_TOKENS_FIRST, batchTokens);
    const fitting = Math.floor(this.#tokensPerMs * CHUNK_MS_TARGET);
    const bearable = Math.floor(this.#tokensPerMs * CHUNK_MS_MAX);
    const least = Math.max(CHUNK_TOKENS_MIN, Math.min(CHUNK_TOKENS_EFFICIENT, bearable));
    return Math.min(batchTokens, Math.max(least, fitting));
  }
}
