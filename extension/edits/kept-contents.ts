import { z } from "zod";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { contentHash } from "./content-hash.ts";
import type { FileBytes } from "./file-bytes.ts";

/** What a file held, by the name of its blob; null where there was no file. */
export const fileState = z
  .strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() })
  .readonly()
  .nullable();

export type FileState = z.infer<typeof fileState>;

/** Contents of files, each stored once by its hash and checked when it is read. */
export class KeptContents {
  readonly #store: CheckpointStore;
  readonly #stored: Set<string>;

  private constructor(store: CheckpointStore, stored: Set<string>) {
    this.#store = store;
    this.#stored = stored;
  }

  static async open(store: CheckpointStore): Promise<KeptContents> {
    return new KeptContents(store, new Set(await store.listBlobs()));
  }

  async keep(bytes: FileBytes): Promise<FileState> {
    if (bytes === null) return null;
    const hash = await contentHash(bytes);
    if (!this.#stored.has(hash)) await this.#store.saveBlob(hash, bytes);
    this.#stored.add(hash);
    return { hash, bytes: bytes.length };
  }

  async load(state: FileState): Promise<FileBytes | "damaged"> {
    if (state === null) return null;
    const bytes = await this.#store.loadBlob(state.hash);
    return bytes !== undefined && (await contentHash(bytes)) === state.hash ? bytes : "damaged";
  }

  async removeAllBut(used: ReadonlyMap<string, number>): Promise<void> {
    for (const name of this.#stored) {
      if (used.has(name)) continue;
      await this.#store.removeBlob(name);
      this.#stored.delete(name);
    }
  }
}

/** The blobs of these contents, each once, with their sizes. */
export function sizesOf(states: Iterable<FileState | undefined>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const state of states) if (state) sizes.set(state.hash, state.bytes);
  return sizes;
}

export function totalBytes(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
