import { describe, expect, it } from "vitest";
import { SimulatedEngine } from "./simulated-engine.ts";
import type { SimulatedMoves } from "./simulated-moves.ts";

const END = Number.POSITIVE_INFINITY;

async function holding(
  tokens: readonly number[],
): Promise<{ engine: SimulatedEngine; moves: SimulatedMoves }> {
  const engine = new SimulatedEngine({ cellsTokens: 8 });
  await engine.cells.decode(tokens);
  return { engine, moves: engine.cells.moves! };
}

describe("the simulated branches", () => {
  it("share the cells that they were copied from", async () => {
    const { engine, moves } = await holding([1, 2, 3, 4]);
    await moves.copy(0, 1);
    await moves.copy(1, 2);
    expect([moves.usedTokens, moves.extentOf(2)]).toEqual([4, { min: 0, max: 3 }]);
    await engine.cells.trim(2);
    expect([moves.usedTokens, moves.extentOf(0), moves.extentOf(1)]).toEqual([
      4,
      { min: 0, max: 1 },
      { min: 0, max: 3 },
    ]);
    moves.drop(1);
    moves.drop(2);
    expect([moves.usedTokens, moves.extentOf(1)]).toEqual([2, { min: -1, max: -1 }]);
  });

  it("leave no cell for a decode that they hold all of", async () => {
    const { engine, moves } = await holding([1, 2, 3, 4, 5]);
    await moves.copy(0, 1);
    await engine.cells.trim(0);
    await expect(engine.cells.decode([6, 7, 8, 9])).rejects.toThrow("8 cells");
    await engine.cells.decode([6, 7, 8]);
  });

  it("are shifted together, as a cell has one position for all of them", async () => {
    const { moves } = await holding([1, 2, 3]);
    await moves.copy(0, 1);
    moves.shift(1, 0, END, 4);
    expect([moves.extentOf(0), moves.extentOf(1)]).toEqual([
      { min: 4, max: 6 },
      { min: 4, max: 6 },
    ]);
  });

  it("say the ids of branch 0 when told them rightly, and refuse others", async () => {
    const { engine, moves } = await holding([1, 2, 3]);
    await moves.copy(0, 1);
    moves.remove(0, 1, END);
    moves.settle([1], [0]);
    expect(engine.cells.resident()).toEqual([1]);
    expect(() => moves.settle([1, 2], [0, 1])).toThrow("does not hold");
    expect(() => moves.settle([1], [1])).toThrow("does not hold");
  });

  it("do not exist where the state cannot be cut", () => {
    expect(new SimulatedEngine({ canCut: false }).cells.moves).toBeNull();
  });
});

describe("the probabilities behind a token", () => {
  it("follow from all that is resident and change nothing", async () => {
    const { engine } = await holding([1, 2, 3]);
    const { engine: same } = await holding([1, 2, 3]);
    const { engine: other } = await holding([9, 2, 3]);
    const found = await engine.probabilitiesAfter(4);
    expect(await same.probabilitiesAfter(4)).toEqual(found);
    expect(await other.probabilitiesAfter(4)).not.toEqual(found);
    expect(await engine.probabilitiesAfter(5)).not.toEqual(found);
    expect(engine.cells.resident()).toEqual([1, 2, 3]);
    expect([...found.values()]).toEqual([1]);
  });
});
