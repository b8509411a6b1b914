import { readLoadAtStart, readModelPath, readStoreChoice } from "./settings.ts";
import { wasUsedLately } from "./was-used-lately.ts";

/** Whether a window that opens loads the model for the last of these chats before that is asked. */
export async function loadsAtStart(folder: string, nowMs: number): Promise<boolean> {
  if (readModelPath() === null) return false;
  const when = readLoadAtStart();
  if (when !== "recent") return when === "always";
  // With nothing on disk, the first question would wait nearly as long all the same.
  return readStoreChoice() !== null && (await wasUsedLately(folder, nowMs));
}
