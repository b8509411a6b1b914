import { describe, expect, it } from "vitest";
import { SimulatedCells } from "../engine/simulated/simulated-cells.ts";
import { refusalOf } from "../history/refused.test-support.ts";
import { KvState } from "../kv/kv-state.ts";
import { PrefillSpeed } from "./chunk.ts";
import { makeResident, type Residency } from "./make-resident.ts";

/** So few that every chunk is one batch, whatever speed is measured. */
const BATCH_TOKENS = 16;

const never = new AbortController().signal;

const CELLS_TOKENS = 1000;

function cellsWith(canCut = true): { cells: SimulatedCells; kv: KvState } {
  const cells = new SimulatedCells({
    canCut,
    canShift: true,
    batchTokens: BATCH_TOKENS,
    cellsTokens: CELLS_TOKENS,
    beforeDecode: () => undefined,
  });
  return { cells, kv: new KvState(cells, CELLS_TOKENS) };
}

function counting(length: number, from = 0): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

async function resided(
  kv: KvState,
  wanted: readonly number[],
  options: {
    leave?: 0 | 1;
    signal?: AbortSignal;
    positionsMax?: number;
    onProgress?: (processedTokens: number, reusedTokens: number) => void;
  } = {},
): Promise<Residency> {
  const { leave = 0, signal = never, onProgress = () => undefined } = options;
  const { positionsMax = CELLS_TOKENS } = options;
  return await makeResident(kv, wanted, {
    leave,
    signal,
    onProgress,
    reuse: "exact",
    healTokens: 0,
    checkpointsAt: [],
    positionsMax,
    speed: new PrefillSpeed(),
  });
}

describe("making tokens resident", () => {
  it("computes them one batch a call and says how far it is", async () => {
    const { cells, kv } = cellsWith();
    const progress: unknown[] = [];
    const wanted = counting(40);
    const residency = await resided(kv, wanted, { onProgress: (...at) => progress.push(at) });
    expect(cells.resident()).toEqual(wanted);
    expect(cells.decodeCalls).toBe(3);
    expect(residency).toMatchObject({ complete: true, computedTokens: 40 });
    expect(progress).toEqual([
      [0, 0],
      [16, 0],
      [32, 0],
      [40, 0],
    ]);
  });

  it("computes only what the cells do not hold", async () => {
    const { kv } = cellsWith();
    await resided(kv, counting(20));
    const progress: unknown[] = [];
    const residency = await resided(kv, counting(30), {
      onProgress: (...at) => progress.push(at),
    });
    expect(residency.computedTokens).toBe(10);
    expect(residency.plan.prefixTokens).toBe(20);
    expect(progress).toEqual([
      [20, 20],
      [30, 20],
    ]);
  });

  it("leaves the last token to the one who samples", async () => {
    const { cells, kv } = cellsWith();
    await resided(kv, counting(20), { leave: 1 });
    expect(cells.resident()).toEqual(counting(19));
    const again = await resided(kv, counting(20), { leave: 1 });
    expect(again.computedTokens).toBe(0);
  });

  it("replaces what differs", async () => {
    const { cells, kv } = cellsWith();
    await resided(kv, counting(20));
    const wanted = [...counting(5), ...counting(10, 100)];
    const residency = await resided(kv, wanted);
    expect(cells.resident()).toEqual(wanted);
    expect(residency.computedTokens).toBe(10);
    expect(residency.plan.divergence).toEqual({ tokenIndex: 5, droppedTokens: 15 });
  });
});

describe("cancelling it", () => {
  it("takes effect between two chunks, keeps what is finished, and the rest is computed later", async () => {
    const { cells, kv } = cellsWith();
    const controller = new AbortController();
    const wanted = counting(100);
    const cancelled = await resided(kv, wanted, {
      signal: controller.signal,
      onProgress: (processedTokens) => {
        if (processedTokens >= 2 * BATCH_TOKENS) controller.abort();
      },
    });
    expect(cancelled).toMatchObject({ complete: false, computedTokens: 32 });
    expect(cells.resident()).toEqual(counting(32));
    const again = await resided(kv, wanted);
    expect(again).toMatchObject({ complete: true, computedTokens: 68 });
    expect(cells.resident()).toEqual(wanted);
  });

  it("before it begins computes nothing", async () => {
    const { cells, kv } = cellsWith();
    const residency = await resided(kv, counting(20), { signal: AbortSignal.abort() });
    expect(residency).toMatchObject({ complete: false, computedTokens: 0 });
    expect(cells.decodeCalls).toBe(0);
  });

  it("changes nothing when all is resident already", async () => {
    const { kv } = cellsWith();
    await resided(kv, counting(20));
    const residency = await resided(kv, counting(20), { signal: AbortSignal.abort() });
    expect(residency).toMatchObject({ complete: true, computedTokens: 0 });
  });
});

describe("a prompt for which there is no room", () => {
  it("is refused before anything moves, beyond the positions and beyond the cells", async () => {
    const { cells, kv } = cellsWith();
    await resided(kv, counting(20));
    const refusal = async (tokens: number, positionsMax: number): Promise<unknown> =>
      await refusalOf(() => resided(kv, counting(tokens, 100), { positionsMax }));
    expect(await refusal(51, 50)).toMatchObject({
      kind: "promptTooLong",
      figures: { promptTokens: 51, roomTokens: 50 },
    });
    expect(await refusal(CELLS_TOKENS + 1, 2 * CELLS_TOKENS)).toMatchObject({
      kind: "promptTooLong",
      figures: { promptTokens: CELLS_TOKENS + 1, roomTokens: CELLS_TOKENS },
    });
    expect([cells.resident(), cells.evaluatedTokens()]).toEqual([counting(20), 20]);
    expect(kv.disagreement([0])).toBeNull();
  });

  it("may fill the very last cell, and be replaced from there", async () => {
    const { cells, kv } = cellsWith();
    await resided(kv, counting(CELLS_TOKENS));
    expect(kv.ledger.freeTokens).toBe(0);
    const wanted = [...counting(CELLS_TOKENS - 1), 7];
    expect((await resided(kv, wanted)).computedTokens).toBe(1);
    expect(cells.resident()).toEqual(wanted);
  });
});

describe("on a model whose state cannot be cut", () => {
  it("computes everything again and says at which token that began", async () => {
    const { cells, kv } = cellsWith(false);
    await resided(kv, counting(20));
    const wanted = [...counting(5), ...counting(10, 100)];
    const residency = await resided(kv, wanted);
    expect(cells.resident()).toEqual(wanted);
    expect(residency).toMatchObject({
      prefixTokens: 0,
      computedTokens: 15,
      plan: { divergence: { tokenIndex: 5, droppedTokens: 15 } },
    });
  });

  it("still computes only what is appended", async () => {
    const { kv } = cellsWith(false);
    await resided(kv, counting(20));
    expect((await resided(kv, counting(30))).computedTokens).toBe(10);
  });
});
