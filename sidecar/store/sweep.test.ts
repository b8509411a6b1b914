import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS } from "./block-chain.ts";
import { savePrompt, storeOf, tokensFrom } from "./store-folder.test-support.ts";
import { sweep } from "./sweep.ts";

const HOUR_MS = 3_600_000;
/** No process has it. */
const PROCESS_ID_MAX = 4_194_304;
const prompt = tokensFrom(0, 2 * BLOCK_TOKENS);

describe("sweeping", () => {
  it("finds nothing to do in a store that was left in peace", () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    expect(sweep(store, 1)).toEqual({ temporaryFiles: 0, adopted: 0, deleted: 0, forgotten: 0 });
  });

  it("lets a complete file be found that a killed process did not enter", () => {
    const { store, root } = storeOf();
    const [, second] = savePrompt(store, root, prompt);
    const { bytes } = store.index;
    store.index.transaction(() => store.index.remove(second!));
    expect(store.index.bytes).toBeLessThan(bytes);
    expect(sweep(store, 1)).toMatchObject({ adopted: 1, deleted: 0 });
    expect(store.index.bytes).toBe(bytes);
    expect(store.lookup(root, Int32Array.from(prompt))).toHaveLength(2);
  });

  it("deletes a file under the name of another, and what is no block", () => {
    const { store, root } = storeOf();
    savePrompt(store, root, prompt);
    const folder = store.paths.ofIdentity(root);
    writeFileSync(store.paths.ofBlock(root, "ab".repeat(32)), "half a block");
    writeFileSync(join(folder, "notes.txt"), "");
    expect(sweep(store, 1)).toMatchObject({ adopted: 0, deleted: 2 });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("forgets entries whose file is gone", () => {
    const { store, root } = storeOf();
    const [first] = savePrompt(store, root, prompt);
    rmSync(store.paths.ofBlock(root, first!));
    expect(sweep(store, 1)).toMatchObject({ forgotten: 1 });
    expect(store.index.get(first!)).toBeUndefined();
  });

  it("deletes unfinished files of processes that are gone, and forgotten ones", () => {
    const { store } = storeOf();
    const nowMs = Date.now();
    const [dead, alive, old] = ["dead", "alive", "old"].map((name) =>
      join(store.paths.temporary, `${name === "dead" ? PROCESS_ID_MAX : process.pid}-${name}`),
    );
    for (const path of [dead!, alive!, old!]) writeFileSync(path, "");
    utimesSync(old!, (nowMs - 2 * HOUR_MS) / 1000, (nowMs - 2 * HOUR_MS) / 1000);
    expect(sweep(store, nowMs)).toMatchObject({ temporaryFiles: 2 });
    expect([dead, alive, old].map((path) => existsSync(path!))).toEqual([false, true, false]);
  });
});
