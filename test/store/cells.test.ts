import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CacheType } from "../../protocol/model.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { restoreBlocks } from "../../sidecar/store/restore-blocks.ts";
import { saveBlocks } from "../../sidecar/store/save-blocks.ts";
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

async function cells(options: { cacheType?: CacheType } = {}): Promise<Bench> {
  const bench = await openCells(folder, options);
  open.push(bench);
  return bench;
}

const NEVER = new AbortController().signal;

it.each(["f16", "q8_0", "q4_0"] as const)(
  "restores %s cells to the bit, in another context",
  async (cacheType) => {
    const tokens = prompt(1, 700);
    const saving = await cells({ cacheType });
    await saving.decode(tokens);
    const before = await saving.engine.probabilitiesAfter(7);
    const saved = await saveBlocks(saving.cells, { ...SAVE_ALL, partial: true });
    expect(saved).toMatchObject({ storedTokens: 700, savedBlocks: 3, ended: "complete" });
    expect(saving.kv.disagreement([ACTIVE])).toBeNull();
    expect(await saving.engine.probabilitiesAfter(7)).toEqual(before);
    await saving.close();

    const restoring = await cells({ cacheType });
    const evaluated = restoring.engine.cells.evaluatedTokens();
    const restored = await restoreBlocks(restoring.cells, [...tokens, 5], NEVER);
    expect(restored).toMatchObject({ restoredTokens: 700, damaged: [] });
    expect(restoring.kv.resident()).toEqual(tokens);
    expect(restoring.kv.disagreement([ACTIVE])).toBeNull();
    expect(restoring.engine.cells.evaluatedTokens()).toBe(evaluated);
    expect(await restoring.engine.probabilitiesAfter(7)).toEqual(before);
  },
);
