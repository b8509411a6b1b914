import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** Bytes from the front of the file: all metadata of most models, with the tokenizer. */
const HEAD_BYTES = 1 << 20;
const SAMPLES = 64;
const SAMPLE_BYTES = 4096;

/**
 * Identifies a model by its content, so that a copy is the same model and a changed one is not:
 * SHA-256 over the size, the head and samples spread evenly over the weights. Reading all of a
 * file of many gigabytes would take longer than loading it.
 */
export function fingerprintOf(path: string, bytes: number): string {
  const hash = createHash("sha256").update(String(bytes));
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, bytes));
    hash.update(head.subarray(0, readSync(file, head, 0, head.length, 0)));
    const sample = Buffer.alloc(SAMPLE_BYTES);
    for (let index = 1; index <= SAMPLES; index++) {
      const at = Math.floor(((bytes - SAMPLE_BYTES) / SAMPLES) * index);
      if (at > 0) hash.update(sample.subarray(0, readSync(file, sample, 0, SAMPLE_BYTES, at)));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
