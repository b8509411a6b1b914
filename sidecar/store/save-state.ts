import { StoreFailure } from "./block-store.ts";
import type { Saved, SaveOptions } from "./saved.ts";
import type { StoredState } from "./stored-cells.ts";
import { publishState, writeState } from "./write-state.ts";

type Figures = Pick<Saved, "savedBlocks" | "savedBytes" | "heldMs" | "heldMsMax">;

const NOTHING: Figures = { savedBlocks: 0, savedBytes: 0, heldMs: 0, heldMsMax: 0 };

/**
 * Saves the state behind all that is resident, unless the store has it. There is no part of it that
 * could be saved instead: a state cannot be cut, so what comes back is exactly this length.
 */
export async function saveState(cells: StoredState, options: SaveOptions): Promise<Saved> {
  await cells.boundaries.settled();
  const tokens = [...cells.kv.resident()];
  let storedTokens = 0;
  try {
    const stored = await cells.store.call("state", cells.identity, Int32Array.from(tokens));
    storedTokens = stored?.to ?? 0;
    if (storedTokens === tokens.length) return { ...NOTHING, storedTokens, ended: "complete" };
    if (options.signal.aborted) return { ...NOTHING, storedTokens, ended: "aborted" };
    const saved = await save(cells, tokens, options);
    if (saved.ended === "complete") storedTokens = tokens.length;
    return { ...saved, storedTokens };
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
  const { store, files } = cells;
  // The engine is asked for it, so that must not fall into a decode.
  const bytesMax = await hold(async () => files.bytesMax());
  if (bytesMax === null) return { ...NOTHING, ended: "aborted" };
  const room = await store.call("reserve", bytesMax, []);
  if (room.kind === "full") return { ...NOTHING, ended: "full" };
  const { path } = room;
  let heldMs = 0;
  const written = await hold(async () => {
    const startMs = performance.now();
    const state = await writeState(cells, path, tokens);
    heldMs = performance.now() - startMs;
    return state;
  });
  const held = { ...NOTHING, heldMs, heldMsMax: heldMs };
  if (written?.kind !== "written") {
    await store.call("discard", path);
    return { ...held, ended: written?.kind ?? "aborted" };
  }
  const { stateBytes } = written;
  const savedBytes = await publishState(cells, { path, tokens, stateBytes });
  if (savedBytes === null) return { ...held, ended: "failed" };
  return { ...held, savedBlocks: 1, savedBytes, ended: "complete" };
}
