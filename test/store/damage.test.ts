import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { DAMAGES } from "../support/damages.ts";
import { type Bench, openCells, prompt, SAVE_ALL } from "../support/stored-cells.ts";

const BLOCKS = 4;
const TOKENS = prompt(1, BLOCKS * 256 + 40);
const PROBE_TOKEN = 7;

let folder: string;
let bench: Bench;
let exact: ReadonlyMap<number, number>;
let hashes: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-damage-"));
  bench = await openCells(folder);
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  await bench.kv.trim(0);
  await bench.decode(TOKENS);
  exact ??= await bench.engine.probabilitiesAfter(PROBE_TOKEN);
  const { ended } = await saveResident(bench.cells, { ...SAVE_ALL, partial: true });
  if (ended !== "complete") throw new Error(`The blocks were not saved: ${ended}.`);
  const links = await bench.store.call("chain", bench.cells.identity, Int32Array.from(TOKENS));
  hashes = links.map(({ hash }) => hash);
  await bench.kv.trim(0);
});

function pathOf(index: number): string {
  return join(folder, "v1", "blocks", bench.cells.identity, `${hashes[index]}.kv`);
}

it.each([
  ...DAMAGES,
  [
    "it is exchanged for the block before it",
    (path: string) => writeFileSync(path, readFileSync(pathOf(1))),
  ] as const,
])("a block is computed instead of loaded when %s, and said once", async (_, damage) => {
  damage(pathOf(2));
  const restored = await restorePrefix(bench.cells, TOKENS, SAVE_ALL.signal);
  expect(restored.restoredTokens).toBe(2 * 256);
  expect(restored.damaged.map(({ hash }) => hash)).toEqual([hashes[2]]);
  expect(bench.kv.resident()).toEqual(TOKENS.slice(0, 2 * 256));
  expect(bench.kv.disagreement([0])).toBeNull();
  await bench.decode(TOKENS.slice(2 * 256));
  expect(await bench.engine.probabilitiesAfter(PROBE_TOKEN)).toEqual(exact);

  await bench.kv.trim(0);
  const again = await restorePrefix(bench.cells, TOKENS, SAVE_ALL.signal);
  expect(again).toMatchObject({ restoredTokens: 2 * 256, damaged: [] });
});

it("a block that is whole and not what the engine can use changes nothing", async () => {
  // The right file for its name, but for cells that stand elsewhere.
  const { cells } = bench;
  if (cells.kind !== "blocks") throw new Error("The model is stored in blocks.");
  const { files } = cells;
  expect(await files.append(pathOf(1), TOKENS.slice(256, 512))).toBe(false);
  expect(await files.append(pathOf(0), TOKENS.slice(1, 257))).toBe(false);
  expect(await files.append(join(folder, "nothing.kv"), [1])).toBe(false);
  expect(bench.kv.resident()).toEqual([]);
  expect(bench.kv.disagreement([0])).toBeNull();
  expect(await files.append(pathOf(0), TOKENS.slice(0, 256))).toBe(true);
});
