import type { CellFiles, Engine } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import type { BlockStore } from "./block-store.ts";
import { BoundaryStates } from "./boundary-states.ts";
import type { WholeState } from "./write-state.ts";

type Stored = {
  readonly kv: KvState;
  readonly store: BlockStore;
  /** The root of the names of all that is stored of this model. */
  readonly identity: string;
};

/** The cells of a model that are stored in blocks, so that prompts share what they begin with. */
export type StoredBlocks = Stored & { readonly kind: "blocks"; readonly files: CellFiles };

/** The same for a model whose cells cannot be moved: its state is stored as a whole. */
export type StoredState = WholeState & {
  readonly kind: "state";
  readonly boundaries: BoundaryStates;
};

/** The cells of a model in memory, and where they are kept. Whoever moves cells has the lane. */
export type StoredCells = StoredBlocks | StoredState;

/**
 * Makes a model known to a store, which reads the model's file through the first time. `null` where
 * nothing of its cells can be stored. States are saved from now on where the engine keeps them.
 */
export async function storedCellsOf(
  { cellFiles: files, facts }: Engine,
  kv: KvState,
  store: BlockStore,
): Promise<StoredCells | null> {
  if (files === undefined) return null;
  const { kind, format } = files;
  const identity = await store.call("identify", facts.path, {
    ...format,
    kind,
    cacheType: facts.cacheType,
    fingerprint: facts.fingerprint,
  });
  const stored = { kv, store, identity };
  if (kind === "blocks") return { ...stored, kind, files };
  return { ...stored, kind, files, boundaries: new BoundaryStates({ ...stored, files }) };
}
