import type { BlockRecord } from "./store-index.ts";

type Entry = { readonly hash: string; readonly record: BlockRecord };

/**
 * Which blocks to give up so that bytes come free: the least recently used first, and of a chain
 * its end first, because a block is found through those before it. Pinned ones and those to keep
 * stay. `null` when that does not suffice, and then nothing is worth giving up.
 */
export function chooseVictims(
  entries: readonly Entry[],
  wanted: {
    readonly bytesMin: number;
    /** As much is freed if there is that much, so that not every block needs an eviction. */
    readonly bytesBetter: number;
    readonly keep: ReadonlySet<string>;
  },
): string[] | null {
  const loose = entries
    .filter(({ hash, record }) => !record.pinned && !wanted.keep.has(hash))
    .sort(({ record: a }, { record: b }) => a.usedMs - b.usedMs || b.from - a.from);
  const victims: string[] = [];
  let bytes = 0;
  for (const { hash, record } of loose) {
    if (bytes >= wanted.bytesBetter) break;
    bytes += record.bytes;
    victims.push(hash);
  }
  return bytes >= wanted.bytesMin ? victims : null;
}
