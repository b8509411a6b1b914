import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { storedPrefix } from "../../sidecar/store/stored-prefix.ts";
import { decodeAll, expectExact, probe, reference } from "../support/exactness.ts";
import { type Bench, openCells, prompt, SAVE_ALL } from "../support/stored-cells.ts";

const NEVER = SAVE_ALL.signal;
/** Right states of these models differ by less, and wrong ones by far more. */
const NATS_MAX = 2e-4;
const MODELS = ["tiny-gemma3", "tiny-mamba", "tiny-lfm2"] as const;
type Model = (typeof MODELS)[number];

let folder: string;
const open: Bench[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-states-"));
});

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
  rmSync(folder, { recursive: true });
});

async function cells(model: Model, options: Parameters<typeof openCells>[1] = {}): Promise<Bench> {
  const bench = await openCells(folder, { model, ...options });
  open.push(bench);
  return bench;
}

/** Ledger and engine hold the same ids: nothing more can be asked where cells cannot be moved. */
function expectResident(bench: Bench, tokens: readonly number[]): void {
  expect(bench.kv.resident()).toEqual(tokens);
  expect(bench.engine.cells.resident()).toEqual(tokens);
  expect(bench.kv.disagreement([0])).toBeNull();
}

describe.each(MODELS)("the state of %s", (model) => {
  it.each(["f16", "q8_0", "q4_0"] as const)(
    "comes back from disk as it was, in another context, with a %s cache",
    async (cacheType) => {
      const tokens = prompt(3, 700);
      const saving = await cells(model, { cacheType });
      await saving.decode(tokens);
      const before = await probe(saving.engine);
      const saved = await saveResident(saving.cells, SAVE_ALL);
      expect(saved).toMatchObject({ storedTokens: 700, savedBlocks: 1, ended: "complete" });
      expectResident(saving, tokens);
      expect(await probe(saving.engine)).toEqual(before);
      await saving.close();

      const restoring = await cells(model, { cacheType });
      const evaluated = restoring.engine.cells.evaluatedTokens();
      const restored = await restorePrefix(restoring.cells, [...tokens, 5], NEVER);
      expect(restored).toMatchObject({ restoredTokens: 700, damaged: [], failure: null });
      expectResident(restoring, tokens);
      expect(restoring.engine.cells.evaluatedTokens()).toBe(evaluated);
      const after = await probe(restoring.engine);
      expect(after).toEqual(before);
      expect(klDivergence(before, after)).toBe(0);
    },
  );

  it("gives what a fresh prefill of a longer text gives", async () => {
    const tokens = prompt(5, 900);
    const bench = await cells(model);
    const exact = await reference(bench.engine, tokens);
    // The reference was computed past the ledger.
    await bench.engine.cells.trim(0);
    await bench.decode(tokens.slice(0, 640));
    await saveResident(bench.cells, SAVE_ALL);
    await bench.kv.trim(0);
    await bench.decode(prompt(7, 300));
    expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 640 });
    expectResident(bench, tokens.slice(0, 640));
    await bench.decode(tokens.slice(640));
    expectResident(bench, tokens);
    expectExact(exact, await probe(bench.engine));
  });

  it("is somewhere to come back to, and no state of the text before it is", async () => {
    const tokens = prompt(9, 600);
    const bench = await cells(model);
    await bench.decode(tokens);
    await saveResident(bench.cells, SAVE_ALL);
    await bench.kv.trim(0);
    await bench.decode(prompt(11, 500));
    await bench.kv.checkpoint();
    await bench.decode(prompt(13, 200));
    await restorePrefix(bench.cells, tokens, NEVER);
    await bench.decode(prompt(15, 400));
    const exact = await probe(bench.engine);
    // Some windows still hold all that a cut needs, and everything else comes back to 600.
    const landing = bench.kv.landing(700);
    expect(model === "tiny-gemma3" ? [600, 700] : [600]).toContain(landing);
    expect(await bench.kv.trim(700)).toBe(landing);
    await bench.decode(prompt(15, 400).slice(landing - 600));
    expect(klDivergence(exact, await probe(bench.engine))).toBeLessThan(NATS_MAX);
    expect(await bench.kv.trim(300)).toBe(0);
    expectResident(bench, []);
  });

  it("is saved once, and the longest one is found", async () => {
    const tokens = prompt(17, 700);
    const bench = await cells(model);
    for (const [from, to] of [
      [0, 300],
      [300, 301],
      [301, 700],
    ] as const) {
      await bench.decode(tokens.slice(from, to));
      expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 1 });
      expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({
        savedBlocks: 0,
        storedTokens: to,
        ended: "complete",
      });
    }
    const found = async (length: number): Promise<number> =>
      (await storedPrefix(bench.cells, tokens.slice(0, length)))?.tokens ?? 0;
    expect([await found(700), await found(699), await found(300), await found(299)]).toEqual([
      700, 301, 300, 0,
    ]);
  });

  it("is left on disk where what is resident is nearly as long", async () => {
    const tokens = prompt(19, 600);
    const bench = await cells(model);
    await bench.decode(tokens.slice(0, 500));
    await saveResident(bench.cells, SAVE_ALL);
    await bench.decode(tokens.slice(500));
    expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
    expectResident(bench, tokens);
    await saveResident(bench.cells, SAVE_ALL);
    await bench.kv.trim(0);
    await bench.decode(tokens.slice(0, 400));
    expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
    await bench.kv.trim(0);
    await bench.decode(tokens.slice(0, 300));
    expect(await restorePrefix(bench.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 300 });
    expectResident(bench, tokens);
  });

  it("is not saved when another one is there by the time the lane is free", async () => {
    const bench = await cells(model);
    await bench.decode(prompt(21, 300));
    let jobs = 0;
    const saved = await saveResident(bench.cells, {
      ...SAVE_ALL,
      hold: async (job) => {
        if (++jobs === 2) await bench.decode([1]);
        return await job();
      },
    });
    expect(saved).toMatchObject({ savedBlocks: 0, storedTokens: 0, ended: "moved" });
    expectResident(bench, [...prompt(21, 300), 1]);
  });

  it("does not fit into a context that is too small for it, which then is empty", async () => {
    const tokens = prompt(23, 1500);
    const bench = await cells(model);
    await decodeAll(bench.engine, tokens);
    if (bench.cells.kind !== "state") throw new Error("The state is stored as a whole.");
    const path = join(folder, "state");
    await bench.cells.files.save(path);
    await bench.close();
    const small = await cells(model, { windowTokens: 256 });
    if (small.cells.kind !== "state") throw new Error("The state is stored as a whole.");
    const { files } = small.cells;
    await small.decode([1, 2, 3]);
    await small.kv.trim(0);
    const fits = model === "tiny-mamba";
    expect(await files.load(path, tokens)).toBe(fits);
    expect(small.engine.cells.resident()).toHaveLength(fits ? tokens.length : 0);
    await small.engine.cells.trim(0);
    expect(await files.load(path, tokens.slice(0, -1))).toBe(false);
    expect(await files.load(path, tokens.with(3, 9))).toBe(false);
    expect(await files.load(join(folder, "nothing"), tokens)).toBe(false);
    await small.decode([1, 2, 3]);
    expectResident(small, [1, 2, 3]);
  });
});

describe("a boundary at which the engine keeps a state", () => {
  const tokens = prompt(33, 1200);
  const stored = async (bench: Bench, length: number): Promise<number> =>
    (await storedPrefix(bench.cells, tokens.slice(0, length)))?.tokens ?? 0;

  it("is stored as well, so that another prompt finds what it shares", async () => {
    const bench = await cells("tiny-lfm2");
    await bench.decode(tokens.slice(0, 1100));
    await bench.kv.checkpoint();
    await bench.decode(tokens.slice(1100));
    await saveResident(bench.cells, SAVE_ALL);
    expect(await stored(bench, 1200)).toBe(1200);
    expect(await stored(bench, 1199)).toBe(1100);
    await bench.kv.trim(0);
    const other = [...tokens.slice(0, 1150), ...prompt(35, 100)];
    expect(await restorePrefix(bench.cells, other, NEVER)).toMatchObject({ restoredTokens: 1100 });
    await bench.decode(other.slice(1100));
    const state = await probe(bench.engine);
    await bench.engine.cells.trim(0);
    expectExact(await reference(bench.engine, other), state);
  });

  it("is left out where little was computed, or the store is gone", async () => {
    const bench = await cells("tiny-mamba");
    await bench.decode(tokens.slice(0, 1000));
    await bench.kv.checkpoint();
    await saveResident(bench.cells, SAVE_ALL);
    expect(await stored(bench, 999)).toBe(0);
    await bench.decode(tokens.slice(1000, 1100));
    await bench.kv.checkpoint();
    await bench.decode(tokens.slice(1100));
    await saveResident(bench.cells, SAVE_ALL);
    expect(await stored(bench, 1199)).toBe(1000);
    await bench.store.close();
    await bench.decode(prompt(37, 800));
    await bench.kv.checkpoint();
    expectResident(bench, [...tokens, ...prompt(37, 800)]);
  });
});

it("is not saved where the disk does not take it, or has no room, and stays as it was", async () => {
  const bench = await cells("tiny-lfm2", { settings: { budgetBytes: 300_000 } });
  await bench.decode(prompt(29, 300));
  const before = await probe(bench.engine);
  const temporary = join(folder, "v1", "temporary");
  rmSync(temporary, { recursive: true });
  const failed = { savedBlocks: 0, storedTokens: 0, ended: "failed" };
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject(failed);
  mkdirSync(temporary);
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject({ savedBlocks: 1 });
  await bench.decode(prompt(31, 1000));
  const full = { savedBlocks: 0, storedTokens: 300, ended: "full" };
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject(full);
  await bench.kv.trim(0);
  expect(await restorePrefix(bench.cells, prompt(29, 300), NEVER)).toMatchObject({
    restoredTokens: 300,
  });
  expect(await probe(bench.engine)).toEqual(before);
  await bench.store.close();
  expect(await saveResident(bench.cells, SAVE_ALL)).toMatchObject(failed);
  const restored = await restorePrefix(bench.cells, prompt(31, 10), NEVER);
  expect(restored.failure).toMatch(/^The store cannot be used: .*\.$/u);
  expectResident(bench, prompt(29, 300));
});

it("of one model is nothing to another one", async () => {
  const [mamba, hybrid] = [await cells("tiny-mamba"), await cells("tiny-lfm2")];
  const tokens = prompt(25, 300);
  await mamba.decode(tokens);
  await saveResident(mamba.cells, SAVE_ALL);
  expect(await restorePrefix(hybrid.cells, tokens, NEVER)).toMatchObject({ restoredTokens: 0 });
  if (mamba.cells.kind !== "state" || hybrid.cells.kind !== "state") throw new Error("No states.");
  const path = join(folder, "state");
  await mamba.cells.files.save(path);
  expect(await hybrid.cells.files.load(path, tokens)).toBe(false);
  await hybrid.decode(tokens);
  expectResident(hybrid, tokens);
});
