import { randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileBytes } from "./file-bytes.ts";

/** The rest of a file's mode says what kind of file it is. */
const PERMISSION_BITS = 0o7777;

/**
 * Has a file hold these bytes, or be gone. It is replaced in one move, so that nobody sees half of
 * it, and keeps its permissions.
 */
export async function putFile(path: string, bytes: FileBytes): Promise<void> {
  if (bytes === null) {
    await rm(path, { force: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const mode = await modeOf(path);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes, mode === null ? {} : { mode });
    // Whoever creates a file does not give what the process's mask takes away, such as a group's writing.
    if (mode !== null && (await modeOf(temporary)) !== mode) await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode & PERMISSION_BITS;
  } catch {
    return null;
  }
}
