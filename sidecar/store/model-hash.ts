import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { StoreIndex } from "./store-index.ts";

const PART_BYTES = 4 << 20;

/**
 * SHA-256 of a whole model file. A file of many gigabytes takes seconds, so it is done once: the
 * index remembers it until size, times or place of the file change.
 */
export function modelHashOf(path: string, index: StoreIndex): string {
  const { size, mtimeNs, ctimeNs, ino, dev } = statSync(path, { bigint: true });
  const state = [size, mtimeNs, ctimeNs, ino, dev].join(":");
  const known = index.models.get(path);
  if (known?.state === state) return known.modelHash;
  const modelHash = contentHash(path);
  index.transaction(() => index.models.put(path, { state, modelHash }));
  return modelHash;
}

function contentHash(path: string): string {
  const hash = createHash("sha256");
  const part = Buffer.alloc(PART_BYTES);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, part); read > 0; read = readSync(file, part)) {
      hash.update(part.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
