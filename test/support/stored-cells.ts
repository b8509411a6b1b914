import type { ModelName } from "../../cli/models/catalogue.ts";
import type { CacheType } from "../../protocol/model.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { KvState } from "../../sidecar/kv/kv-state.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import type { SaveOptions } from "../../sidecar/store/saved.ts";
import type { StoreSettings } from "../../sidecar/store/store-folder.ts";
import { type StoredCells, storedCellsOf } from "../../sidecar/store/stored-cells.ts";
import { loadEngine } from "./engine.ts";

/** Every block is decoded by itself, so that a prefill is the same to the bit wherever it begins. */
const BATCH_TOKENS = 256;
/** Ids that are text in the generated models. */
const VOCABULARY = 4000;

/** A loaded model with a store of its own. */
export type Bench = {
  readonly engine: Engine;
  readonly kv: KvState;
  readonly store: BlockStore;
  readonly cells: StoredCells;
  decode(tokens: readonly number[]): Promise<void>;
  close(): Promise<void>;
};

export const ROOMY = { budgetBytes: 1 << 30, freeFloorBytes: 0 };

export const SAVE_ALL: SaveOptions = {
  partial: false,
  signal: new AbortController().signal,
  hold: async (job) => await job(),
};

export async function openCells(
  folder: string,
  options: {
    readonly model?: ModelName;
    readonly cacheType?: CacheType;
    readonly windowTokens?: number;
    readonly settings?: Partial<StoreSettings>;
    /** One that is loaded already, and empty. */
    readonly engine?: Engine;
  } = {},
): Promise<Bench> {
  const { cacheType, windowTokens } = options;
  const config = {
    ...(cacheType === undefined ? {} : { cacheType }),
    ...(windowTokens === undefined ? {} : { windowTokens }),
  };
  const engine = options.engine ?? (await loadEngine(options.model ?? "tiny", { config }));
  const opening = await BlockStore.open({ ...ROOMY, ...options.settings, folder });
  if (opening.kind !== "open") throw new Error(opening.sentence);
  const { store } = opening;
  const kv = new KvState(engine.cells, engine.facts.cellsTokens);
  const cells = await storedCellsOf(engine, kv, store);
  if (cells === null) throw new Error("The cells of this model have no files.");
  let closing: Promise<void> | null = null;
  return {
    engine,
    kv,
    store,
    cells,
    decode: async (tokens) => {
      for (let at = 0; at < tokens.length; at += BATCH_TOKENS) {
        await kv.decode(tokens.slice(at, at + BATCH_TOKENS));
      }
    },
    close: async () => {
      closing ??= store.close().then(() => engine.dispose());
      await closing;
    },
  };
}

/** A prompt of random text ids, the same for the same seed. */
export function prompt(seed: number, length: number): number[] {
  let state = seed | 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % VOCABULARY;
  });
}
