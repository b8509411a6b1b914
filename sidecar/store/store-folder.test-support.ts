import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { blockChain, stateOf } from "./block-chain.ts";
import { openStore } from "./open-store.ts";
import type { StoreFolder, StoreSettings } from "./store-folder.ts";

export const STATE_BYTES = 3000;
export const FORMAT = {
  kind: "blocks",
  cacheType: "f16",
  fingerprint: "f",
  engine: "engine 1",
  rope: "{}",
  gpu: null,
} as const;

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kvasir-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function openFolder(folder: string, settings: Partial<StoreSettings> = {}): StoreFolder {
  const store = openStore({ budgetBytes: 1 << 30, freeFloorBytes: 0, folder, ...settings }, 1);
  onTestFinished(() => store.close());
  return store;
}

/** A store with one model, whose file has this content. */
export function storeOf(
  settings: Partial<StoreSettings> = {},
  model: { readonly content?: string; readonly kind?: "blocks" | "state" } = {},
): { store: StoreFolder; root: string; modelPath: string } {
  const folder = temporaryFolder();
  const modelPath = join(folder, "model.gguf");
  writeFileSync(modelPath, model.content ?? "weights");
  const store = openFolder(join(folder, "store"), settings);
  const { kind = "blocks" } = model;
  return { store, modelPath, root: store.identify(modelPath, { ...FORMAT, kind }) };
}

/** Saves the state behind a prompt as a process does, with random bytes for it. */
export function saveState(
  store: StoreFolder,
  root: string,
  tokens: readonly number[],
  nowMs = 1,
): string {
  const block = stateOf(root, tokens);
  const room = store.reserve(STATE_BYTES, []);
  if (room.kind === "full") throw new Error("The store is full.");
  writeFileSync(room.path, randomBytes(STATE_BYTES));
  const sealed = store.seal({ path: room.path, block, stateBytes: STATE_BYTES });
  if (sealed === null) throw new Error("The state was not sealed.");
  store.publish(root, [sealed], [], nowMs);
  return block.hash;
}

/** Saves the blocks of a prompt as a process does, with random bytes for the engine's state. */
export function savePrompt(
  store: StoreFolder,
  root: string,
  tokens: readonly number[],
  nowMs = 1,
): string[] {
  const chain = blockChain(root, tokens);
  const hashes = chain.map(({ hash }) => hash);
  for (const block of chain) {
    if (store.index.get(block.hash) !== undefined) continue;
    const room = store.reserve(STATE_BYTES, hashes);
    if (room.kind === "full") return hashes.slice(0, hashes.indexOf(block.hash));
    writeFileSync(room.path, randomBytes(STATE_BYTES));
    const sealed = store.seal({ path: room.path, block, stateBytes: STATE_BYTES });
    if (sealed === null) throw new Error("The state was not sealed.");
    store.publish(root, [sealed], hashes, nowMs);
  }
  return hashes;
}

export function tokensFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
