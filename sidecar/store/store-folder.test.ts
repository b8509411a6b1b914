import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS } from "./block-chain.ts";
import {
  FORMAT,
  openFolder,
  savePrompt,
  STATE_BYTES,
  storeOf,
  tokensFrom,
} from "./store-folder.test-support.ts";

const prompt = tokensFrom(0, 3 * BLOCK_TOKENS + 10);
/** No process has it. */
const PROCESS_ID_MAX = 4_194_304;
/** Room for five whole blocks and a little. */
const FIVE_BLOCKS = { budgetBytes: 5 * (STATE_BYTES + 1200) };

describe("looking a prompt up", () => {
  it("finds the longest stored prefix, and only whole blocks of a longer one", () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    const end = (tokens: readonly number[]): number =>
      store.lookup(root, Int32Array.from(tokens)).at(-1)?.to ?? 0;
    expect(end(prompt)).toBe(prompt.length);
    expect(end([...prompt, 1, 2])).toBe(prompt.length);
    expect(end(prompt.slice(0, -1))).toBe(3 * BLOCK_TOKENS);
    expect(end(prompt.with(300, -1))).toBe(BLOCK_TOKENS);
    expect(end(prompt.with(0, -1))).toBe(0);
  });

  it("finds the longest of several beginnings of a block", () => {
    const { store, root } = storeOf();
    for (const length of [5, 9, 7]) savePrompt(store, root, prompt.slice(0, length));
    savePrompt(store, root, [...prompt.slice(0, 5), -1, -2, -3]);
    const found = store.lookup(root, Int32Array.from(prompt.slice(0, 8)));
    expect(found.map(({ to }) => to)).toEqual([7]);
  });

  it("finds nothing of another model or another cache type", () => {
    const { store, root, modelPath } = storeOf();
    savePrompt(store, root, prompt);
    const other = store.identify(modelPath, { ...FORMAT, cacheType: "q8_0" });
    expect(store.lookup(other, Int32Array.from(prompt))).toEqual([]);
  });

  it("gives back the tokens of a block and all before it", () => {
    const { store, root } = storeOf();
    const hashes = savePrompt(store, root, prompt);
    expect(store.tokensOf(hashes.at(-1)!)).toEqual(prompt);
    expect(store.tokensOf(hashes[0]!)).toEqual(prompt.slice(0, BLOCK_TOKENS));
    expect(store.tokensOf("00".repeat(32))).toBeNull();
  });
});

describe("an identity", () => {
  it("survives a copy of the model and not a changed byte", () => {
    const { store, root, modelPath } = storeOf({}, { content: "weights" });
    const copy = `${modelPath}.copy`;
    writeFileSync(copy, "weights");
    expect(store.identify(copy, FORMAT)).toBe(root);
    writeFileSync(modelPath, "wEights");
    expect(store.identify(modelPath, FORMAT)).not.toBe(root);
  });
});

describe("blocks that two prompts share", () => {
  it("are stored once", () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    const { bytes } = store.index;
    savePrompt(store, root, prompt);
    expect(store.index.bytes).toBe(bytes);
    savePrompt(store, root, [...prompt.slice(0, BLOCK_TOKENS), -1]);
    expect(store.index.all()).toHaveLength(5);
  });
});

describe("a budget", () => {
  it("is kept by giving up the least recently used prompt", () => {
    const { store, root } = storeOf(FIVE_BLOCKS);
    const [one, two, three] = [0, 10_000, 20_000].map((at) => tokensFrom(at, 2 * BLOCK_TOKENS));
    savePrompt(store, root, one!, 1);
    const second = savePrompt(store, root, two!, 2);
    store.touch(savePrompt(store, root, one!), 3);
    savePrompt(store, root, three!, 4);
    const stored = (tokens: readonly number[]): number =>
      store.lookup(root, Int32Array.from(tokens)).length;
    expect([stored(one!), stored(two!), stored(three!)]).toEqual([2, 1, 2]);
    expect(existsSync(store.paths.ofBlock(root, second[1]!))).toBe(false);
    expect(store.index.bytes).toBeLessThanOrEqual(FIVE_BLOCKS.budgetBytes);
  });

  it("spares what is pinned, up to half of it", () => {
    const { store, root } = storeOf(FIVE_BLOCKS);
    const core = savePrompt(store, root, tokensFrom(0, 2 * BLOCK_TOKENS), 1);
    expect(store.pin(core, true)).toBe(true);
    const more = savePrompt(store, root, tokensFrom(5000, 2 * BLOCK_TOKENS), 2);
    expect(store.pin(more, true)).toBe(false);
    for (let at = 10_000; at < 60_000; at += 10_000) {
      savePrompt(store, root, tokensFrom(at, BLOCK_TOKENS), at);
    }
    expect(store.lookup(root, Int32Array.from(tokensFrom(0, 2 * BLOCK_TOKENS)))).toHaveLength(2);
    expect(store.pin(core, false)).toBe(true);
    expect(store.index.pinnedBytes).toBe(0);
  });

  it("that one prompt alone exceeds keeps the prompt's beginning", () => {
    const { store, root } = storeOf(FIVE_BLOCKS);
    const saved = savePrompt(store, root, tokensFrom(0, 9 * BLOCK_TOKENS));
    expect(saved.length).toBeGreaterThanOrEqual(4);
    expect(saved.length).toBeLessThan(9);
    expect(store.index.bytes).toBeLessThanOrEqual(FIVE_BLOCKS.budgetBytes);
  });
});

describe("the floor of the disk", () => {
  it("is kept although the budget has room", () => {
    const { bavail, bsize } = statfsSync(".");
    const { store, root } = storeOf({ freeFloorBytes: 2 * bavail * bsize });
    expect(store.reserve(STATE_BYTES, [])).toEqual({ kind: "full" });
    expect(savePrompt(store, root, prompt)).toEqual([]);
    expect(readdirSync(store.paths.temporary)).toEqual([]);
  });
});

describe("damage", () => {
  it("is found once, and the block is gone after it", () => {
    const { store, root } = storeOf();
    const hashes = savePrompt(store, root, prompt);
    const path = store.paths.ofBlock(root, hashes[1]!);
    writeFileSync(path, "something else");
    expect(store.check(hashes[1]!, 256)).toEqual({ kind: "unusable", damage: "incomplete" });
    expect(existsSync(path)).toBe(false);
    expect(store.lookup(root, Int32Array.from(prompt))).toHaveLength(1);
    expect(store.check(hashes[0]!, 0)).toEqual({
      kind: "usable",
      path: store.paths.ofBlock(root, hashes[0]!),
    });
  });

  it("of the index costs nothing but the index", async () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    await store.close();
    rmSync(store.paths.index, { recursive: true });
    const again = openFolder(store.settings.folder);
    expect(again.lookup(root, Int32Array.from(prompt))).toHaveLength(4);
  });

  it.each([
    ["overwritten", () => Buffer.from("this is no database".repeat(1000))],
    ["cut off", (data: Buffer) => data.subarray(0, data.length / 2)],
    ["cut off to its heads", (data: Buffer) => data.subarray(0, 8192)],
    ["emptied", (data: Buffer) => data.subarray(0, 0)],
    ["zeroed", (data: Buffer) => Buffer.alloc(data.length)],
  ])("of an index that was %s costs nothing but the index", async (_, damage) => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    await store.close();
    const path = join(store.paths.index, "data.mdb");
    writeFileSync(path, damage(readFileSync(path)));
    const again = openFolder(store.settings.folder);
    expect(again.lookup(root, Int32Array.from(prompt))).toHaveLength(4);
  });

  it("that kills whoever opens the index is not met twice", async () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    const [hash] = savePrompt(store, root, prompt);
    expect(store.pin([hash!], true)).toBe(true);
    await store.close();
    writeFileSync(join(store.paths.form, `opening-${PROCESS_ID_MAX}`), "");
    const again = openFolder(store.settings.folder);
    expect(again.index.pinnedBytes).toBe(0);
    expect(again.lookup(root, Int32Array.from(prompt))).toHaveLength(4);
    expect(readdirSync(store.paths.form).toSorted()).toEqual(["blocks", "index", "temporary"]);
  });
});

describe("publishing", () => {
  it("that fails leaves neither files nor entries", () => {
    const { store, root } = storeOf();
    const room = store.reserve(STATE_BYTES, []);
    if (room.kind === "full") throw new Error("There is room.");
    const block = {
      kind: "block" as const,
      hash: "ab".repeat(32),
      parent: root,
      from: 0,
      tokens: [1],
    };
    expect(store.publish(root, [{ path: room.path, block, bytes: 1 }], [], 1)).toBe(false);
    expect(store.index.all()).toEqual([]);
    expect(readdirSync(store.paths.temporary)).toEqual([]);
  });
});
