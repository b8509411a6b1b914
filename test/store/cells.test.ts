import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ModelName } from "../../cli/models/catalogue.ts";
import type { CacheType } from "../../protocol/model.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { rehearse } from "../../sidecar/store/rehearse.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { type Bench, openCells, prompt, SAVE_ALL } from "../support/stored-cells.ts";

let folder: string;
const open: Bench[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-store-"));
});

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
  rmSync(folder, { recursive: true });
});

async function cells(
  options: { model?: ModelName; cacheType?: CacheType; windowTokens?: number } = {},
): Promise<Bench> {
  const bench = await openCells(folder, options);
  open.push(bench);
  return bench;
}

const NEVER = new AbortController().signal;

const CACHE_TYPES = ["f16", "q8_0", "q4_0"] as const;
const BLOCK_MODELS = ["tiny", "tiny-qwen2", "tiny-qwen2vl", "tiny-deepseek2"] as const;

it.each(BLOCK_MODELS.flatMap((model) => CACHE_TYPES.map((type) => [model, type] as const)))(
  "restores cells of %s to the bit, in another context, with a %s cache",
  async (model, cacheType) => {
    const tokens = prompt(1, 700);
    const saving = await cells({ model, cacheType });
    await saving.decode(tokens);
    const before = await saving.engine.probabilitiesAfter(7);
    const saved = await saveResident(saving.cells, { ...SAVE_ALL, partial: true });
    expect(saved).toMatchObject({ storedTokens: 700, savedBlocks: 3, ended: "complete" });
    expect(saving.kv.disagreement([ACTIVE])).toBeNull();
    expect(await saving.engine.probabilitiesAfter(7)).toEqual(before);
    await saving.close();

    const restoring = await cells({ model, cacheType });
    const evaluated = restoring.engine.cells.evaluatedTokens();
    const restored = await restorePrefix(restoring.cells, [...tokens, 5], NEVER);
    expect(restored).toMatchObject({ restoredTokens: 700, damaged: [] });
    expect(restoring.kv.resident()).toEqual(tokens);
    expect(restoring.kv.disagreement([ACTIVE])).toBeNull();
    expect(restoring.engine.cells.evaluatedTokens()).toBe(evaluated);
    expect(await restoring.engine.probabilitiesAfter(7)).toEqual(before);
  },
);

it("is rehearsed without a trace, and not where something is resident", async () => {
  const bench = await cells();
  await rehearse(bench.cells);
  expect(bench.kv.resident()).toEqual([]);
  expect(bench.kv.disagreement([ACTIVE])).toBeNull();
  expect(await bench.cells.store.call("hashes")).toEqual([]);
  const tokens = prompt(1, 20);
  await bench.decode(tokens);
  await rehearse(bench.cells);
  expect(bench.kv.resident()).toEqual(tokens);
});

it("keeps what is resident already and restores what is missing behind it", async () => {
  const tokens = prompt(1, 600);
  const bench = await cells();
  await bench.decode(tokens);
  const before = await bench.engine.probabilitiesAfter(7);
  await saveResident(bench.cells, { ...SAVE_ALL, partial: true });
  await bench.kv.trim(300);
  const restored = await restorePrefix(bench.cells, tokens, NEVER);
  expect(restored).toMatchObject({ restoredTokens: 300, damaged: [] });
  expect(await bench.engine.probabilitiesAfter(7)).toEqual(before);
  expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
});

it("saves only what is new of a conversation that grows", async () => {
  const tokens = prompt(1, 1024);
  const bench = await cells();
  await bench.decode(tokens.slice(0, 512));
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 2 });
  await bench.decode(tokens.slice(512));
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
    savedBlocks: 2,
    storedTokens: 1024,
  });
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 0 });
});

it("saves nothing that saw an older text, nor anything behind it", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 1024));
  bench.kv.markStale(300, 1);
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
    savedBlocks: 1,
    storedTokens: 256,
    ended: "complete",
  });
});

it("saves and restores nothing while keys wait for their rotation", async () => {
  const tokens = prompt(1, 512);
  const bench = await cells();
  await bench.decode(tokens);
  const aside = await bench.kv.park(ACTIVE);
  bench.kv.remove(ACTIVE, 400, Number.POSITIVE_INFINITY);
  bench.kv.remove(aside, 0, 400);
  bench.kv.shift(aside, 400, 512, 10);
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
    savedBlocks: 0,
    ended: "unsettled",
  });
  // The next decode rotates them.
  await bench.decode([1]);
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 1 });
  await bench.kv.trim(0);
  bench.kv.shift(aside, 410, 522, 10);
  expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
});

it("saves nothing behind a hole in the positions, and restores nothing there", async () => {
  const tokens = prompt(1, 512);
  const bench = await cells();
  await bench.decode(tokens);
  await saveResident(bench.cells, SAVE_ALL);
  await bench.kv.trim(0);
  await bench.decode([...tokens.slice(0, 250), 9, 9, ...tokens.slice(250, 300)]);
  bench.kv.remove(ACTIVE, 250, 252);
  expect(bench.kv.resident()).toEqual(tokens.slice(0, 300));
  const kept = await bench.store.call("lookup", bench.cells.identity, Int32Array.from(tokens));
  expect(await saveResident(bench.cells, { ...SAVE_ALL, partial: true })).toMatchObject({
    savedBlocks: 0,
    ended: "unsettled",
  });
  expect(kept).toHaveLength(2);
  expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
  expect(bench.kv.disagreement([ACTIVE])).toBeNull();
});

it("ends when another conversation becomes active between two blocks", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 1024));
  let blocks = 0;
  const saved = await saveResident(bench.cells, {
    ...SAVE_ALL,
    hold: async (job) => {
      if (++blocks === 3) await bench.kv.trim(100);
      return await job();
    },
  });
  expect(saved).toMatchObject({ savedBlocks: 2, storedTokens: 512, ended: "moved" });
  expect(bench.kv.resident()).toHaveLength(100);
});

it("holds the lane for one block at a time, and leaves every branch as it was", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 1000));
  const other = await bench.kv.park(ACTIVE);
  const before = await bench.engine.probabilitiesAfter(7);
  let holds = 0;
  const saved = await saveResident(bench.cells, {
    ...SAVE_ALL,
    partial: true,
    hold: async (job) => {
      holds++;
      const result = await job();
      expect(bench.kv.disagreement([ACTIVE, other])).toBeNull();
      return result;
    },
  });
  expect(holds).toBe(4);
  expect(saved.savedBlocks).toBe(4);
  expect(bench.kv.ledger.usedTokens).toBe(1000);
  expect(await bench.engine.probabilitiesAfter(7)).toEqual(before);
});

it("stops between blocks when it is aborted", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 1024));
  const abort = new AbortController();
  const saved = await saveResident(bench.cells, {
    ...SAVE_ALL,
    signal: abort.signal,
    hold: async (job) => {
      abort.abort();
      return await job();
    },
  });
  expect(saved).toMatchObject({ savedBlocks: 1, ended: "aborted" });
  await bench.kv.trim(0);
  const tokens = prompt(1, 1024);
  expect(await restorePrefix(bench.cells, tokens, abort.signal)).toMatchObject({
    restoredTokens: 0,
  });
  expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 256 });
});

it("stops restoring between blocks, with a ledger that knows what has come", async () => {
  const bench = await cells();
  const tokens = prompt(1, 1024);
  await bench.decode(tokens);
  await saveResident(bench.cells, SAVE_ALL);
  await bench.kv.trim(0);
  if (bench.cells.kind !== "blocks") throw new Error("The cells of this model are no blocks.");
  const abort = new AbortController();
  const { files } = bench.cells;
  let appended = 0;
  const append = async (path: string, run: readonly number[]): Promise<boolean> => {
    if (++appended === 2) abort.abort();
    return await files.append(path, run);
  };
  const watched = { ...bench.cells, files: { ...files, append } };
  const restored = await restorePrefix(watched, tokens, abort.signal);
  expect(restored).toMatchObject({ restoredTokens: 512 });
  expect(bench.kv.resident()).toEqual(tokens.slice(0, 512));
  expect(bench.kv.disagreement([ACTIVE])).toBeNull();
});

it("restores as many blocks as there are free cells for", async () => {
  const bench = await cells({ windowTokens: 1024 });
  const tokens = prompt(1, 1024);
  await bench.decode(tokens);
  await saveResident(bench.cells, SAVE_ALL);
  await bench.kv.trim(0);
  const free = 2 * 256 + 128;
  await bench.decode(prompt(2, bench.kv.ledger.cellsTokens - free));
  const parked = await bench.kv.park(ACTIVE);
  await bench.kv.trim(0);
  expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 512 });
  expect(bench.kv.resident()).toEqual(tokens.slice(0, 512));
  expect(bench.kv.disagreement([ACTIVE, parked])).toBeNull();
});

it("goes on when the disk does not take a block", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 512));
  const before = await bench.engine.probabilitiesAfter(7);
  const temporary = join(folder, "v1", "temporary");
  rmSync(temporary, { recursive: true });
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
    savedBlocks: 0,
    ended: "failed",
  });
  expect(bench.kv.disagreement([ACTIVE])).toBeNull();
  expect(await bench.engine.probabilitiesAfter(7)).toEqual(before);
  mkdirSync(temporary);
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 2 });
});

it("answers without the store when that is gone", async () => {
  const bench = await cells();
  await bench.decode(prompt(1, 512));
  await bench.store.close();
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
    savedBlocks: 0,
    ended: "failed",
  });
  const restored = await restorePrefix(bench.cells, prompt(1, 600), NEVER);
  expect(restored).toMatchObject({ restoredTokens: 0 });
  expect(restored.failure).toMatch(/^The store cannot be used: .*\.$/u);
  expect(bench.kv.resident()).toHaveLength(512);
});
