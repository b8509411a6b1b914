import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of what cannot be made again. `KVASIR_DATA` names it outright. */
export function dataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return environment["KVASIR_DATA"] || join(platformDataFolder(environment, platform), "kvasir");
}

function platformDataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (environment["XDG_DATA_HOME"]) return environment["XDG_DATA_HOME"];
  if (platform === "win32") {
    return environment["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
  }
  return platform === "darwin"
    ? join(homedir(), "Library", "Application Support")
    : join(homedir(), ".local", "share");
}
