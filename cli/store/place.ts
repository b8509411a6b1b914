import { join, resolve } from "node:path";
import { platformCacheFolder } from "../models/cache-folder.ts";

const BYTES_PER_MEGABYTE = 1_000_000;
const BUDGET_MEGABYTES_DEFAULT = 8_000;
/** The disk keeps this much for everything else. */
const FREE_FLOOR_BYTES = 4_000 * BYTES_PER_MEGABYTE;

export type StorePlace = {
  readonly folder: string;
  readonly budgetBytes: number;
  readonly freeFloorBytes: number;
};

/** The store of the command line: the options, else `KVASIR_STORE`, else beside the other caches. */
export function storePlace(
  options: { readonly store?: string; readonly budget?: number },
  environment: NodeJS.ProcessEnv = process.env,
): StorePlace {
  const chosen = options.store ?? (environment["KVASIR_STORE"] || undefined);
  const cache = platformCacheFolder(environment, process.platform);
  return {
    folder: chosen === undefined ? join(cache, "kvasir", "store") : resolve(chosen),
    budgetBytes: (options.budget ?? BUDGET_MEGABYTES_DEFAULT) * BYTES_PER_MEGABYTE,
    freeFloorBytes: FREE_FLOOR_BYTES,
  };
}
