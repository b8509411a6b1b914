import type { StoreRemoval, StoreStats, StoreVerification } from "../../protocol/store.ts";
import type { CellsIdentity } from "./identity.ts";
import { clear, hashesOf, prune, stats, supersede, verify } from "./maintenance.ts";
import { pinBeginning } from "./pins.ts";
import type {
  ChainLink,
  CheckedBlock,
  Reservation,
  SealedBlock,
  StoreFolder,
  WrittenBlock,
} from "./store-folder.ts";
import { longestState, thinStates } from "./stored-states.ts";

/** What the process can ask of its store's thread. */
export type StoreCalls = ReturnType<typeof storeCalls>;

/** The calls that the thread serves, each of which does its work before it returns. */
export function storeCalls(store: StoreFolder) {
  return {
    identify: (modelPath: string, cells: Omit<CellsIdentity, "modelHash">): string => {
      const identity = store.identify(modelPath, cells);
      supersede(store, identity);
      return identity;
    },
    chain: (root: string, tokens: Int32Array): ChainLink[] => store.chain(root, tokens),
    lookup: (root: string, tokens: Int32Array): ChainLink[] => store.lookup(root, tokens),
    state: (root: string, tokens: Int32Array): ChainLink | null =>
      longestState(store, root, tokens),
    thinStates: (root: string, tokens: Int32Array): void => thinStates(store, root, tokens),
    tokensOf: (hash: string): number[] | null => store.tokensOf(hash),
    check: (hash: string, from: number): CheckedBlock => store.check(hash, from),
    reserve: (bytes: number, keep: readonly string[]): Reservation => store.reserve(bytes, keep),
    seal: (written: WrittenBlock): SealedBlock | null => store.seal(written),
    remove: (hashes: readonly string[]): void => store.remove(hashes),
    discard: (path: string): void => store.discard(path),
    publish: (
      identity: string,
      blocks: readonly SealedBlock[],
      before: readonly string[],
    ): boolean => store.publish(identity, blocks, before, Date.now()),
    touch: (hashes: readonly string[]): void => store.touch(hashes, Date.now()),
    pin: (hashes: readonly string[]): boolean => pinBeginning(store, hashes),
    stats: (): StoreStats => stats(store),
    hashes: (): string[] => hashesOf(store),
    verify: (hashes: readonly string[]): StoreVerification => verify(store, hashes),
    prune: (): StoreRemoval => prune(store, Date.now()),
    clear: (): StoreRemoval => clear(store, Date.now()),
  };
}
