import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS } from "./block-chain.ts";
import { clear, prune, stats, supersede, verify } from "./maintenance.ts";
import { FORMAT, savePrompt, storeOf, tokensFrom } from "./store-folder.test-support.ts";
import { FORM, StorePaths } from "./store-paths.ts";

const prompt = tokensFrom(0, 2 * BLOCK_TOKENS + 1);

describe("the figures of a store", () => {
  it("count blocks, tokens and bytes, and those of each model", () => {
    const { store, root, modelPath } = storeOf();
    savePrompt(store, root, prompt);
    const other = store.identify(modelPath, { ...FORMAT, cacheType: "q8_0" });
    savePrompt(store, other, [1, 2]);
    const figures = stats(store);
    expect(figures).toMatchObject({ blocks: 4, tokens: prompt.length + 2, pinnedBytes: 0 });
    expect(figures.bytes).toBe(figures.models.reduce((sum, { bytes }) => sum + bytes, 0));
    const counts = figures.models.map(({ cacheType, blocks }) => `${cacheType} ${blocks}`);
    expect(counts.toSorted()).toEqual(["f16 3", "q8_0 1"]);
  });
});

describe("verifying", () => {
  it("finds every damaged block and removes it", () => {
    const { store, root } = storeOf();
    const hashes = savePrompt(store, root, prompt);
    expect(verify(store)).toMatchObject({ blocks: 3, clean: true, damaged: [] });
    writeFileSync(store.paths.ofBlock(root, hashes[0]!), "");
    rmSync(store.paths.ofBlock(root, hashes[2]!));
    const found = verify(store);
    expect(found).toMatchObject({ blocks: 1, clean: false });
    expect(new Map(found.damaged.map(({ hash, damage }) => [hash, damage]))).toEqual(
      new Map([
        [hashes[0], "incomplete"],
        [hashes[2], "missing"],
      ]),
    );
    expect(verify(store)).toMatchObject({ blocks: 1, clean: true });
  });
});

describe("pruning", () => {
  it("leaves what can still be used", () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    expect(prune(store, 1)).toEqual({ blocks: 0, bytes: 0 });
    expect(verify(store).blocks).toBe(3);
  });

  it.each<[string, (path: string) => void]>([
    ["gone", (path) => rmSync(path)],
    ["changed", (path) => writeFileSync(path, "other weights")],
  ])("removes the blocks of a model that is %s", (_, change) => {
    const { store, root, modelPath } = storeOf();
    savePrompt(store, root, prompt);
    change(modelPath);
    expect(prune(store, 1).blocks).toBe(3);
    expect(existsSync(store.paths.ofIdentity(root))).toBe(false);
    expect(stats(store)).toMatchObject({ blocks: 0, bytes: 0, models: [] });
  });

  it("removes blocks whose beginning is missing", () => {
    const { store, root } = storeOf();
    const hashes = savePrompt(store, root, prompt);
    store.remove([hashes[1]!]);
    expect(prune(store, 1).blocks).toBe(1);
    expect(store.index.all().map(({ hash }) => hash)).toEqual([hashes[0]]);
  });

  it("removes older forms of the store and no newer ones", () => {
    const { store } = storeOf();
    for (const form of [FORM - 1, FORM + 1]) {
      const paths = new StorePaths(store.settings.folder, form);
      for (const path of [paths.index, paths.blocks]) mkdirSync(path, { recursive: true });
    }
    prune(store, 1);
    expect(readdirSync(store.settings.folder).toSorted()).toEqual([`v${FORM}`, `v${FORM + 1}`]);
  });

  it("leaves a folder alone that is only called like an older form", () => {
    const { store } = storeOf();
    const kept = join(store.settings.folder, `v${FORM - 1}`, "letters");
    mkdirSync(kept, { recursive: true });
    prune(store, 1);
    clear(store, 1);
    expect(existsSync(kept)).toBe(true);
  });
});

describe("a model that is opened", () => {
  it("ends what another engine and another content of its file left, and no other cache type", () => {
    const { store, root, modelPath } = storeOf();
    const kept = store.identify(modelPath, { ...FORMAT, cacheType: "q4_0" });
    savePrompt(store, root, prompt);
    savePrompt(store, kept, prompt);
    supersede(store, root);
    expect(stats(store).blocks).toBe(6);
    const newer = store.identify(modelPath, { ...FORMAT, engine: "engine 2" });
    supersede(store, newer);
    expect(stats(store)).toMatchObject({ blocks: 0 });
    savePrompt(store, newer, prompt);
    writeFileSync(modelPath, "other weights");
    supersede(store, store.identify(modelPath, { ...FORMAT, engine: "engine 2" }));
    expect(stats(store)).toMatchObject({ blocks: 0 });
  });
});

describe("clearing", () => {
  it("removes everything, also what is pinned, and says how much", () => {
    const { store, root } = storeOf();
    store.pin(savePrompt(store, root, prompt), true);
    const { bytes } = store.index;
    expect(clear(store, 1)).toEqual({ blocks: 3, bytes });
    expect(stats(store)).toMatchObject({ blocks: 0, bytes: 0, pinnedBytes: 0, models: [] });
    expect(readdirSync(store.paths.blocks)).toEqual([]);
  });
});
