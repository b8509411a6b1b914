import { RequestType, RequestType0 } from "vscode-jsonrpc";
import * as z from "zod";

/** Where prompts are kept on disk, beyond the life of the sidecar. What is absent has a default. */
export const StoreConfig = z.object({
  folder: z.string().min(1).optional(),
  /** What all that is kept may take. */
  budgetMb: z.number().positive().optional(),
  /** What stays free of the disk whatever the budget says. */
  freeSpaceMb: z.number().nonnegative().optional(),
});
export type StoreConfig = z.infer<typeof StoreConfig>;

/** `null` keeps nothing on disk. */
export const StoreChoice = StoreConfig.nullable();
export type StoreChoice = z.infer<typeof StoreChoice>;

export type StoreStats = {
  readonly folder: string;
  readonly blocks: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly pinnedBytes: number;
  readonly budgetBytes: number;
  readonly freeFloorBytes: number;
  readonly models: readonly {
    readonly path: string;
    readonly cacheType: string;
    readonly engine: string;
    readonly blocks: number;
    readonly bytes: number;
  }[];
};

export type StoreVerification = {
  readonly blocks: number;
  readonly bytes: number;
  readonly clean: boolean;
  /** Blocks that were not what they should be. They are gone now. */
  readonly damaged: readonly { readonly hash: string; readonly damage: string }[];
};

export type StoreRemoval = { readonly blocks: number; readonly bytes: number };

/** client -> sidecar. Replaces the store; what is in memory is kept in the new one from now on. */
export const ConfigureStore = new RequestType<{ readonly store: StoreChoice }, null, void>(
  "kvasir/store/configure",
);
export const ConfigureStoreParams = z.object({ store: StoreChoice });

/** client -> sidecar. What is stored. This and all below fail with `storeUnavailable`. */
export const ShowStore = new RequestType0<StoreStats, void>("kvasir/store/stats");

/** client -> sidecar. Reads every block through and removes the damaged ones; cancellable. */
export const VerifyStore = new RequestType0<StoreVerification, void>("kvasir/store/verify");

/** client -> sidecar. Removes what can never be used again. */
export const PruneStore = new RequestType0<StoreRemoval, void>("kvasir/store/prune");

/** client -> sidecar. Removes everything. What is in memory stays, and is kept again when it has grown. */
export const ClearStore = new RequestType0<StoreRemoval, void>("kvasir/store/clear");
