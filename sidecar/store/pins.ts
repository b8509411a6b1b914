import { PINNED_SHARE_MAX, type StoreFolder } from "./store-folder.ts";

/**
 * Pins blocks that every new conversation begins with. Beginnings change with instructions and
 * tools, and nobody says when an old one is used no more: those used least lately make room.
 * Answers whether there was room.
 */
export function pinBeginning(store: StoreFolder, hashes: readonly string[]): boolean {
  if (store.pin(hashes, true)) return true;
  const bytes = hashes.reduce((sum, hash) => sum + (store.index.get(hash)?.bytes ?? 0), 0);
  if (bytes > store.settings.budgetBytes * PINNED_SHARE_MAX) return false;
  const others = store.index
    .all()
    .filter(({ hash, record }) => record.pinned && !hashes.includes(hash))
    // Of a chain its end first, as when blocks are given up.
    .sort(({ record: a }, { record: b }) => a.usedMs - b.usedMs || b.from - a.from);
  for (const { hash } of others) {
    store.pin([hash], false);
    if (store.pin(hashes, true)) return true;
  }
  return false;
}
