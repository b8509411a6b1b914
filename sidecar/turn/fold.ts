import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";

export type FoldOptions = {
  /** Tokens of the next chunk. */
  readonly chunkTokens: () => number;
  readonly signal: AbortSignal;
};

/**
 * Computes the stale tail of the active branch anew, chunk by chunk, as a fresh prefill would. The
 * tail waits aside and loses its front to each finished chunk; what is left of it joins again when
 * the fold is interrupted, so every finished chunk is exact for good and nothing is lost. Answers
 * how many tokens were computed.
 */
export async function foldStale(
  kv: KvState,
  { chunkTokens, signal }: FoldOptions,
): Promise<number> {
  const { ledger } = kv;
  const tokens = kv.resident();
  const exact = kv.exactTokens();
  if (exact === tokens.length) return 0;
  const tail = await kv.park(ACTIVE);
  kv.remove(tail, 0, ledger.positionAt(ACTIVE, exact));
  kv.remove(ACTIVE, ledger.endOf(ACTIVE, exact), Number.POSITIVE_INFINITY);
  let done = exact;
  let tailFrom = exact;
  const cutTail = (to: number): void => {
    if (to >= tokens.length) kv.remove(tail, 0, Number.POSITIVE_INFINITY);
    else kv.remove(tail, 0, ledger.positionAt(tail, to - tailFrom));
    tailFrom = to;
  };
  try {
    while (done < tokens.length && !signal.aborted) {
      const chunk = tokens.slice(done, done + chunkTokens());
      // In a full cache the new cells can only take the place of the old ones.
      if (ledger.freeTokens < chunk.length) cutTail(done + chunk.length);
      await kv.decode(chunk);
      done += chunk.length;
      if (tailFrom < done) cutTail(done);
    }
  } finally {
    if (tailFrom === done && done < tokens.length) await kv.copy(tail, ACTIVE);
    kv.drop(tail);
  }
  return done - exact;
}
