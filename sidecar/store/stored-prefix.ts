import type { StoredCells } from "./stored-cells.ts";

/** How far a prompt is stored, and the name of that prefix. */
export type StoredPrefix = { readonly tokens: number; readonly hash: string };

/**
 * The longest stored prefix of a prompt, as far as the index knows; `null` when there is none. Fails
 * with a `StoreFailure` when the store cannot be asked.
 */
export async function storedPrefix(
  { kind, store, identity }: StoredCells,
  wanted: readonly number[],
): Promise<StoredPrefix | null> {
  const ids = Int32Array.from(wanted);
  const last =
    kind === "blocks"
      ? (await store.call("lookup", identity, ids)).at(-1)
      : await store.call("state", identity, ids);
  return last === undefined || last === null ? null : { tokens: last.to, hash: last.hash };
}
