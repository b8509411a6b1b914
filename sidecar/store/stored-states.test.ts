import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS, stateOf } from "./block-chain.ts";
import { clear, prune, stats, verify } from "./maintenance.ts";
import {
  FORMAT,
  openFolder,
  saveState,
  STATE_BYTES,
  storeOf,
  tokensFrom,
} from "./store-folder.test-support.ts";
import type { StoreFolder } from "./store-folder.ts";
import { longestState, thinStates } from "./stored-states.ts";

const prompt = tokensFrom(0, 3 * BLOCK_TOKENS + 10);

function lengthFound(store: StoreFolder, root: string, tokens: readonly number[]): number {
  return longestState(store, root, Int32Array.from(tokens))?.to ?? 0;
}

describe("looking a state up", () => {
  it("finds the longest that is a prefix of the prompt, at any length", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    const lengths = [1, 5, 255, 256, 257, 512, 700, prompt.length];
    for (const length of lengths) saveState(store, root, prompt.slice(0, length));
    for (let length = 0; length <= prompt.length + 1; length++) {
      const tokens = [...prompt, 7].slice(0, length);
      const longest = lengths.findLast((stored) => stored <= length) ?? 0;
      expect(lengthFound(store, root, tokens)).toBe(longest);
    }
    expect(lengthFound(store, root, prompt.with(600, -1))).toBe(512);
    expect(lengthFound(store, root, prompt.with(0, -1))).toBe(0);
  });

  it("tells texts of one length and one beginning apart", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    const other = prompt.with(300, -1);
    const [hash] = [saveState(store, root, other), saveState(store, root, prompt)];
    expect(longestState(store, root, Int32Array.from(other))?.hash).toBe(hash);
  });

  it("finds nothing of another model, another cache type, or where blocks are stored", () => {
    const { store, root, modelPath } = storeOf({}, { kind: "state" });
    saveState(store, root, prompt);
    for (const change of [{ cacheType: "q8_0" }, { kind: "blocks" }] as const) {
      const other = store.identify(modelPath, { ...FORMAT, kind: "state", ...change });
      expect(lengthFound(store, other, prompt)).toBe(0);
    }
  });

  it("gives back all of its tokens", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    expect(store.tokensOf(saveState(store, root, prompt))).toEqual(prompt);
  });
});

describe("states of a text that grows", () => {
  const lengths = [100, 300, 500, 700, prompt.length];

  it("are thinned out to the shortest and the longest, and to what is pinned", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    const hashes = lengths.map((length) => saveState(store, root, prompt.slice(0, length)));
    store.pin([hashes[0]!], true);
    thinStates(store, root, Int32Array.from(prompt));
    const left = store.index.all().map(({ record }) => record.from + record.tokens);
    expect(left.toSorted((a, b) => a - b)).toEqual([100, 500, 700, prompt.length]);
    store.pin([hashes[2]!], true);
    saveState(store, root, [...prompt, 1]);
    saveState(store, root, [...prompt, 1, 2]);
    thinStates(store, root, Int32Array.from([...prompt, 1, 2]));
    expect(store.index.get(hashes[2]!)).toBeDefined();
    expect(store.index.get(hashes[3]!)).toBeUndefined();
  });

  it("leave those of other texts alone", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    const other = saveState(store, root, [...prompt.slice(0, 300), -1]);
    for (const length of lengths) saveState(store, root, prompt.slice(0, length));
    thinStates(store, root, Int32Array.from(prompt));
    expect(store.index.get(other)).toBeDefined();
  });
});

describe("a state", () => {
  it("is checked like a block, and gone when it is damaged", () => {
    const { store, root } = storeOf({}, { kind: "state" });
    const hash = saveState(store, root, prompt);
    expect(store.check(hash, 0)).toMatchObject({ kind: "usable" });
    writeFileSync(store.paths.ofBlock(root, hash), "something else");
    expect(store.check(hash, 0)).toEqual({ kind: "unusable", damage: "incomplete" });
    expect(lengthFound(store, root, prompt)).toBe(0);
  });

  it("is entered again when the index is lost, and found as before", async () => {
    const { store, root, modelPath } = storeOf({}, { kind: "state" });
    for (const length of [20, 600]) saveState(store, root, prompt.slice(0, length));
    await store.close();
    writeFileSync(`${store.paths.index}/data.mdb`, "no database");
    const again = openFolder(store.settings.folder);
    expect(again.identify(modelPath, { ...FORMAT, kind: "state" })).toBe(root);
    expect(lengthFound(again, root, prompt)).toBe(600);
    expect(lengthFound(again, root, prompt.slice(0, 599))).toBe(20);
    expect(verify(again)).toMatchObject({ blocks: 2, clean: true });
    expect(prune(again, 1)).toEqual({ blocks: 0, bytes: 0 });
  });

  it("counts with all of its tokens, is verified, pruned with its model and cleared", () => {
    const { store, root, modelPath } = storeOf({}, { kind: "state" });
    saveState(store, root, prompt);
    expect(stats(store)).toMatchObject({ blocks: 1, tokens: prompt.length });
    expect(verify(store)).toMatchObject({ blocks: 1, clean: true });
    writeFileSync(modelPath, "other weights");
    expect(prune(store, 1).blocks).toBe(1);
    const changed = store.identify(modelPath, { ...FORMAT, kind: "state" });
    saveState(store, changed, prompt);
    expect(clear(store, 1).blocks).toBe(1);
    expect(stats(store)).toMatchObject({ blocks: 0, bytes: 0 });
  });

  it("takes the place of the least recently used ones, and none when it cannot fit", () => {
    const footer = stateOf("00".repeat(32), prompt).tokens.length * 4 + 200;
    const { store, root } = storeOf(
      { budgetBytes: 2.5 * (STATE_BYTES + footer) },
      { kind: "state" },
    );
    const texts = [0, 10_000, 20_000].map((at) => tokensFrom(at, prompt.length));
    texts.forEach((text, index) => saveState(store, root, text, index));
    expect(texts.map((text) => lengthFound(store, root, text) > 0)).toEqual([false, true, true]);
    expect(store.reserve(store.settings.budgetBytes + 1, [])).toEqual({ kind: "full" });
    expect(store.index.all()).toHaveLength(2);
  });
});
