import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointStore } from "./checkpoint-store.ts";

/**
 * Checkpoints in a folder of this machine. A file is written under another name, brought to the disk
 * and then renamed, so that what has its right name is whole.
 */
export function nodeCheckpointStore(folder: string): CheckpointStore {
  const blobs = join(folder, "blobs");
  const index = join(folder, "index.json");
  const aside = join(folder, "index.damaged.json");
  return {
    loadIndex: async () => (await unlessMissing(readFile(index, "utf8"))) ?? undefined,
    async saveIndex(json) {
      await mkdir(folder, { recursive: true });
      await saveWhole(index, json);
    },
    async setIndexAside() {
      await rename(index, aside);
      return aside;
    },
    async saveBlob(name, bytes) {
      await mkdir(blobs, { recursive: true });
      await saveWhole(join(blobs, name), bytes);
    },
    loadBlob: (name) => unlessMissing(readFile(join(blobs, name))),
    removeBlob: (name) => rm(join(blobs, name), { force: true }),
    listBlobs: async () => (await unlessMissing(readdir(blobs))) ?? [],
  };
}

async function saveWhole(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
