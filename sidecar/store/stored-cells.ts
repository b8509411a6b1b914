import type { CellFiles } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import type { BlockStore } from "./block-store.ts";

/** The cells of a model in memory, and where its blocks are kept. Whoever moves cells has the lane. */
export type StoredCells = {
  readonly kv: KvState;
  readonly files: CellFiles;
  readonly store: BlockStore;
  /** The root of the chains of this model. */
  readonly identity: string;
};
