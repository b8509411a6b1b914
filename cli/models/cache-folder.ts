import { homedir } from "node:os";
import { join } from "node:path";

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

/** The folder of generated models. `KVASIR_CACHE` names it outright. */
export function defaultModelFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment["KVASIR_CACHE"];
  return chosen ? chosen : join(platformCacheFolder(environment, platform), "kvasir", "models");
}
