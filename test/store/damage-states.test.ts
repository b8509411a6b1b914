import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chainHash } from "../../sidecar/store/block-chain.ts";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { DAMAGES } from "../support/damages.ts";
import { probe } from "../support/exactness.ts";
import { type Bench, openCells, prompt, SAVE_ALL } from "../support/stored-cells.ts";

const LENGTHS = [256, 512, 1064] as const;
const TOKENS = prompt(1, LENGTHS[2]);

describe.each(["tiny-gemma3", "tiny-mamba", "tiny-lfm2"] as const)("a state of %s", (model) => {
  let folder: string;
  let bench: Bench;
  let exact: ReadonlyMap<number, number>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kvasir-damage-"));
    bench = await openCells(folder, { model });
    await bench.decode(TOKENS);
    exact = await probe(bench.engine);
  });

  afterAll(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    await bench.kv.trim(0);
    for (const length of LENGTHS) {
      await bench.decode(TOKENS.slice(bench.kv.resident().length, length));
      const { ended } = await saveResident(bench.cells, SAVE_ALL);
      if (ended !== "complete") throw new Error(`The state was not saved: ${ended}.`);
    }
    await bench.kv.trim(0);
    // Something else is in its place that is not to be taken for it.
    await bench.decode(prompt(3, 300));
  });

  function hashAt(length: number): string {
    return chainHash(bench.cells.identity, TOKENS.slice(0, length));
  }

  function pathAt(length: number): string {
    return join(folder, "v1", "blocks", bench.cells.identity, `${hashAt(length)}.kv`);
  }

  it.each([
    ...DAMAGES,
    [
      "it is exchanged for a shorter one",
      (path: string) => writeFileSync(path, readFileSync(pathAt(256))),
    ] as const,
  ])("is left for the one before it when %s, and said once", async (_, damage) => {
    damage(pathAt(1064));
    const restored = await restorePrefix(bench.cells, TOKENS, SAVE_ALL.signal);
    expect(restored.restoredTokens).toBe(512);
    expect(restored.damaged.map(({ hash }) => hash)).toEqual([hashAt(1064)]);
    expect(bench.kv.resident()).toEqual(TOKENS.slice(0, 512));
    expect(bench.engine.cells.resident()).toEqual(TOKENS.slice(0, 512));
    await bench.decode(TOKENS.slice(512));
    expect(await probe(bench.engine)).toEqual(exact);

    await bench.kv.trim(0);
    const again = await restorePrefix(bench.cells, TOKENS, SAVE_ALL.signal);
    expect(again).toMatchObject({ restoredTokens: 512, damaged: [] });
  });

  it("is computed when all that are stored are damaged", async () => {
    for (const length of LENGTHS) DAMAGES[1]![1](pathAt(length));
    const restored = await restorePrefix(bench.cells, TOKENS, SAVE_ALL.signal);
    expect(restored).toMatchObject({ restoredTokens: 0, failure: null });
    expect(restored.damaged).toHaveLength(LENGTHS.length);
    expect(bench.kv.resident()).toEqual(prompt(3, 300));
  });

  it("that is whole and in the wrong place leaves nothing of another one behind", async () => {
    const { cells } = bench;
    if (cells.kind !== "state") throw new Error("The state is stored as a whole.");
    await bench.kv.trim(0);
    expect(await cells.files.load(pathAt(512), TOKENS.slice(0, 256))).toBe(false);
    expect(await cells.files.load(pathAt(512), TOKENS.slice(1, 513))).toBe(false);
    expect(bench.engine.cells.resident()).toEqual([]);
    await bench.decode(TOKENS);
    expect(await probe(bench.engine)).toEqual(exact);
  });
});
