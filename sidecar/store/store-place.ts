import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { StoreConfig } from "../../protocol/store.ts";
import type { StoreSettings } from "./store-folder.ts";

const BYTES_PER_MEGABYTE = 1_000_000;
const BUDGET_MEGABYTES_DEFAULT = 8_000;
/** The disk keeps this much for everything else. */
const FREE_SPACE_MEGABYTES_DEFAULT = 4_000;

/**
 * Where a store is and what it may take. Unless somebody says else, in the configuration or by
 * `KVASIR_STORE`, all that runs models on a machine uses one: what the command line has computed
 * need not be computed by the editor.
 */
export function storePlace(
  { folder, budgetMb, freeSpaceMb }: StoreConfig,
  environment: NodeJS.ProcessEnv = process.env,
): StoreSettings {
  const chosen = folder ?? (environment["KVASIR_STORE"] || undefined);
  const cache = (): string => platformCacheFolder(environment, process.platform);
  return {
    folder: chosen === undefined ? join(cache(), "kvasir", "store") : resolve(chosen),
    budgetBytes: (budgetMb ?? BUDGET_MEGABYTES_DEFAULT) * BYTES_PER_MEGABYTE,
    freeFloorBytes: (freeSpaceMb ?? FREE_SPACE_MEGABYTES_DEFAULT) * BYTES_PER_MEGABYTE,
  };
}

/** Where the system wants what can be made again. */
export function platformCacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string {
  if (environment["XDG_CACHE_HOME"]) return environment["XDG_CACHE_HOME"];
  if (platform === "win32") {
    return environment["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
  }
  return platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}
