import { ACTIVE } from "../kv/ledger.ts";
import { stateOf } from "./block-chain.ts";
import { StoreFailure } from "./block-store.ts";
import type { Saved, SaveOptions } from "./saved.ts";
import type { StoredState } from "./stored-cells.ts";
import type { WrittenState } from "./write-block.ts";

type Figures = Pick<Saved, "savedBlocks" | "savedBytes" | "heldMs" | "heldMsMax">;

const NOTHING: Figures = { savedBlocks: 0, savedBytes: 0, heldMs: 0, heldMsMax: 0 };

/**
 * Saves the state behind all that is resident, unless the store has it. There is no part of it that
 * could be saved instead: a state cannot be cut, so what comes back is exactly this length.
 */
export async function saveState(cells: StoredState, options: SaveOptions): Promise<Saved> {
  const tokens = [...cells.kv.resident()];
  let storedTokens = 0;
  try {
    const ids = Int32Array.from(tokens);
    const stored = await cells.store.call("state", cells.identity, ids);
    storedTokens = stored?.to ?? 0;
    if (storedTokens === tokens.length) return { ...NOTHING, storedTokens, ended: "complete" };
    if (options.signal.aborted) return { ...NOTHING, storedTokens, ended: "aborted" };
    const { ended, ...figures } = await save(cells, tokens, options);
    if (ended !== "complete") return { ...figures, storedTokens, ended };
    await cells.store.call("thinStates", cells.identity, ids);
    return { ...figures, storedTokens: tokens.length, ended };
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return { ...NOTHING, storedTokens, ended: "failed" };
  }
}

async function save(
  cells: StoredState,
  tokens: readonly number[],
  { hold }: SaveOptions,
): Promise<Figures & Pick<Saved, "ended">> {
  const { store, identity, files } = cells;
  // The engine is asked for it, so that must not fall into a decode.
  const bytesMax = await hold(async () => files.bytesMax());
  if (bytesMax === null) return { ...NOTHING, ended: "aborted" };
  const room = await store.call("reserve", bytesMax, []);
  if (room.kind === "full") return { ...NOTHING, ended: "full" };
  const { path } = room;
  let heldMs = 0;
  const written = await hold(async () => {
    const startMs = performance.now();
    const state = await write(cells, path, tokens);
    heldMs = performance.now() - startMs;
    return state;
  });
  const held = { ...NOTHING, heldMs, heldMsMax: heldMs };
  if (written?.kind !== "written") {
    await store.call("discard", path);
    return { ...held, ended: written?.kind ?? "aborted" };
  }
  const block = stateOf(identity, tokens);
  const sealed = await store.call("seal", { path, block, stateBytes: written.stateBytes });
  const published = sealed !== null && (await store.call("publish", identity, [sealed], []));
  if (!published) return { ...held, ended: "failed" };
  return { ...held, savedBlocks: 1, savedBytes: sealed.bytes, ended: "complete" };
}

/** Writes the state unless something else is resident by now, or not as a prefill would leave it. */
async function write(
  { kv, files }: StoredState,
  path: string,
  tokens: readonly number[],
): Promise<WrittenState> {
  const { ledger } = kv;
  const { length } = tokens;
  const isThere =
    ledger.lengthOf(ACTIVE) === length && ledger.commonPrefix(ACTIVE, tokens) === length;
  if (!isThere) return { kind: "moved" };
  if (kv.exactTokens() < length || kv.endPosition !== length) return { kind: "unsettled" };
  const stateBytes = await files.save(path).catch(() => null);
  return stateBytes === null ? { kind: "failed" } : { kind: "written", stateBytes };
}
