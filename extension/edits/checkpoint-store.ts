/** Where checkpoints are kept: blobs by name, and one index. Each saving is all or nothing. */
export type CheckpointStore = {
  loadIndex(): Promise<string | undefined>;
  saveIndex(json: string): Promise<void>;
  /** Moves an index that cannot be read out of the way; says where it is now. */
  setIndexAside(): Promise<string>;
  saveBlob(name: string, bytes: Uint8Array): Promise<void>;
  loadBlob(name: string): Promise<Uint8Array | undefined>;
  removeBlob(name: string): Promise<void>;
  listBlobs(): Promise<readonly string[]>;
};
