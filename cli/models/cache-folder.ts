import { join } from "node:path";
import { platformCacheFolder } from "../../sidecar/store/store-place.ts";

/** The folder of generated models. `KVASIR_CACHE` names it outright. */
export function defaultModelFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment["KVASIR_CACHE"];
  return chosen ? chosen : join(platformCacheFolder(environment, platform), "kvasir", "models");
}
