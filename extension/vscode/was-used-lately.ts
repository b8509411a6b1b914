import { sessionIn } from "../window/session-file.ts";
import { FolderStore } from "./folder-store.ts";

const LATELY_MS = 60 * 60 * 1_000;

/** Whether a chat in this folder was used within the last hour. Its files are not read. */
export async function wasUsedLately(folder: string, nowMs: number): Promise<boolean> {
  const files = await new FolderStore(folder).list();
  const latest = files.find(({ name }) => sessionIn(name) !== null);
  return latest !== undefined && nowMs - latest.writtenMs < LATELY_MS;
}
