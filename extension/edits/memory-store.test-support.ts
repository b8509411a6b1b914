import type { CheckpointStore } from "./checkpoint-store.ts";

/** Keeps checkpoints in memory, open to tests; a "restart" opens the same store again. */
export class MemoryStore implements CheckpointStore {
  index: string | undefined;
  aside: string | undefined;
  readonly blobs = new Map<string, Uint8Array>();
  savedBlobs = 0;

  async loadIndex(): Promise<string | undefined> {
    return this.index;
  }
  async saveIndex(json: string): Promise<void> {
    this.index = json;
  }
  async setIndexAside(): Promise<string> {
    [this.aside, this.index] = [this.index, undefined];
    return "aside";
  }
  async saveBlob(name: string, bytes: Uint8Array): Promise<void> {
    this.savedBlobs++;
    this.blobs.set(name, bytes.slice());
  }
  async loadBlob(name: string): Promise<Uint8Array | undefined> {
    return this.blobs.get(name);
  }
  async removeBlob(name: string): Promise<void> {
    this.blobs.delete(name);
  }
  async listBlobs(): Promise<readonly string[]> {
    return [...this.blobs.keys()];
  }
}
