import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import type { Segment } from "../../protocol/segment.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { ModelHost } from "../../sidecar/host/model-host.ts";
import { StoreOwner } from "../../sidecar/host/store-owner.ts";
import type { JobTiming } from "../../sidecar/lane/job.ts";
import { Lane } from "../../sidecar/lane/lane.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { user } from "../support/client.ts";

const { signal } = new AbortController();
/** Some twelve blocks. */
const long = user(
  "long",
  Array.from({ length: 330 }, (_, line) => `const value${line} = ${line};`).join("\n"),
);

let folder: string;
let owner: StoreOwner;
let host: ModelHost;
let onJobEnded: (timing: JobTiming) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-idle-"));
  onJobEnded = () => undefined;
  owner = new StoreOwner(BlockStore.open, (sentence) => {
    throw new Error(sentence);
  });
  owner.configure({ folder, freeSpaceMb: 0 });
  host = new ModelHost({
    loadEngine: loadLlama,
    lane: new Lane({ onEnded: (timing) => onJobEnded(timing) }),
    store: owner,
    onStatus: () => undefined,
  });
  host.configure({
    path: await ensureModel("tiny"),
    windowTokens: 8192,
    gpuLayers: 0,
    threads: 1,
  });
});
afterEach(async () => {
  await host.close();
  await owner.close();
  rmSync(folder, { recursive: true });
});

async function warm(contextId: string, ...segments: Segment[]): Promise<number> {
  const window = { version: 1, segments, tools: [] };
  const { usage } = await host.use({ priority: "answer", agent: contextId, signal }, ({ turns }) =>
    turns.warm({ contextId, window, signal }),
  );
  return usage.promptTokens;
}

/** Resolves after so many more blocks have been written while nobody wanted the model. */
async function blocksSaved(count: number): Promise<void> {
  let left = count;
  await new Promise<void>((resolve) => {
    onJobEnded = ({ priority }) => {
      if (priority === "save" && --left === 0) resolve();
    };
  });
}

it("lets whoever comes wait for one block at most, and goes on when nobody waits", async () => {
  const promptTokens = await warm("chat", long);
  const blocks = Math.floor(promptTokens / 256);
  expect(blocks).toBeGreaterThan(8);
  await blocksSaved(2);
  let savedBefore = 0;
  onJobEnded = ({ priority }) => {
    if (priority === "save") savedBefore++;
  };
  await warm("other", user("short", "Hello?"));
  expect(savedBefore).toBeLessThanOrEqual(1);
  const stored = async (): Promise<number> => (await (await owner.require()).call("stats")).blocks;
  expect(await stored()).toBeLessThan(blocks);
  await expect.poll(stored, { timeout: 60_000 }).toBe(blocks);
});

it("does not load a model to save what has left memory", async () => {
  await warm("chat", long);
  await blocksSaved(1);
  await host.unload();
  expect(host.loaded).toBeNull();
  expect((await (await owner.require()).call("stats")).tokens).toBeGreaterThan(256);
});
