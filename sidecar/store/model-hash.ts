import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { StoreIndex } from "./store-index.ts";

const PART_BYTES = 4 << 20;

/** The first file of a model that is split; the others have the same name with another number. */
const FIRST_PART = /^(?<name>.*)-00001-of-(?<count>\d{5})\.gguf$/u;

/**
 * SHA-256 of a whole model, all of its files if it is split. A file of many gigabytes takes seconds, so it is done once: the
 * index remembers it until size, times or place of the file change.
 */
export function modelHashOf(path: string, index: StoreIndex): string {
  const files = filesOf(path);
  const state = files.map(stateOf).join(" ");
  const known = index.models.get(path);
  if (known?.state === state) return known.modelHash;
  const modelHash = contentHash(files);
  index.transaction(() => index.models.put(path, { state, modelHash }));
  return modelHash;
}

function filesOf(path: string): string[] {
  const { name, count } = FIRST_PART.exec(path)?.groups ?? {};
  if (name === undefined || count === undefined) return [path];
  return Array.from(
    { length: Number(count) },
    (_, index) => `${name}-${String(index + 1).padStart(5, "0")}-of-${count}.gguf`,
  );
}

function stateOf(path: string): string {
  const { size, mtimeNs, ctimeNs, ino, dev } = statSync(path, { bigint: true });
  return [size, mtimeNs, ctimeNs, ino, dev].join(":");
}

function contentHash(files: readonly string[]): string {
  const hash = createHash("sha256");
  const part = Buffer.alloc(PART_BYTES);
  for (const path of files) {
    const file = openSync(path, "r");
    try {
      for (let read = readSync(file, part); read > 0; read = readSync(file, part)) {
        hash.update(part.subarray(0, read));
      }
    } finally {
      closeSync(file);
    }
  }
  return hash.digest("hex");
}
