import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../refusal.ts";
import { type Fit, fit } from "./fit.ts";

const WINDOW_TOKENS_DEFAULT = 32_768;
const SPARE_CELLS = 256;
const MODEL_BYTES = 1_000_000;
const CELL_BYTES = 100;

/** Free memory of which just so many cells may be used beside the model. */
function roomFor(cells: number): number {
  return (MODEL_BYTES + cells * CELL_BYTES + 0.5) / 0.9;
}

function fitted(options: { trained: number; requested?: number; cells?: number }): Fit {
  return fit({
    trainedTokens: options.trained,
    requestedTokens: options.requested,
    freeBytes: roomFor(options.cells ?? 1e9),
    bytesFor: (cellsTokens) => MODEL_BYTES + cellsTokens * CELL_BYTES,
  });
}

function refused(options: Parameters<typeof fitted>[0]): Refusal["data"] {
  try {
    fitted(options);
  } catch (error) {
    if (error instanceof Refusal) return error.data;
    throw error;
  }
  throw new Error("This was not refused.");
}

describe("the window", () => {
  it("is what the model was trained for, up to what agents need", () => {
    expect(fitted({ trained: 4096 }).windowTokens).toBe(4096);
    expect(fitted({ trained: 131_072 }).windowTokens).toBe(WINDOW_TOKENS_DEFAULT);
  });

  it("is what is asked for, as long as the model was trained for it", () => {
    expect(fitted({ trained: 131_072, requested: 100_000 }).windowTokens).toBe(100_000);
    expect(fitted({ trained: 4096, requested: 4096 }).windowTokens).toBe(4096);
    expect(fitted({ trained: 4096, requested: 1 }).windowTokens).toBe(1);
  });

  it.each([4097, 0, -1])("of %i tokens is refused for a model trained for 4096", (requested) => {
    expect(refused({ trained: 4096, requested })).toMatchObject({
      kind: "badSetting",
      figures: { requestedTokens: requested, trainedTokens: 4096 },
    });
  });

  it("is halved until it fits the memory when nobody asked for a length", () => {
    expect(fitted({ trained: 8192, cells: 8192 + SPARE_CELLS }).windowTokens).toBe(8192);
    expect(fitted({ trained: 8192, cells: 8192 + SPARE_CELLS - 1 }).windowTokens).toBe(4096);
    expect(fitted({ trained: 8192, cells: 1024 + SPARE_CELLS }).windowTokens).toBe(1024);
    expect(fitted({ trained: 8192, cells: 512 + SPARE_CELLS }).windowTokens).toBe(512);
  });

  it("is never halved below what is of use", () => {
    const data = refused({ trained: 8192, cells: 512 + SPARE_CELLS - 1 });
    expect(data.kind).toBe("modelTooLarge");
    expect(data.figures?.["neededBytes"]).toBe(MODEL_BYTES + (512 + SPARE_CELLS) * CELL_BYTES);
  });

  it("may be short when the model was trained for no more, and is not halved then", () => {
    expect(fitted({ trained: 300, cells: 300 + SPARE_CELLS }).windowTokens).toBe(300);
    expect(refused({ trained: 300, cells: 300 + SPARE_CELLS - 1 }).kind).toBe("modelTooLarge");
  });

  it("that was asked for is not made smaller: the model is too large for it", () => {
    const data = refused({ trained: 8192, requested: 4096, cells: 4096 + SPARE_CELLS - 1 });
    expect(data.kind).toBe("modelTooLarge");
    expect(data.message).toMatch(/^The model needs 0\.0 GB of memory and 0\.0 GB can be used\.$/u);
  });
});

describe("the cells", () => {
  it("are half as many again as the window, with some to spare, where there is memory", () => {
    expect(fitted({ trained: 4096 }).cellsTokens).toBe(4096 + 2048 + SPARE_CELLS);
    const cells = 4096 + 2048 + SPARE_CELLS;
    expect(fitted({ trained: 4096, cells }).cellsTokens).toBe(cells);
  });

  it("are just enough for the window where there is less", () => {
    const cells = 4096 + 2048 + SPARE_CELLS - 1;
    expect(fitted({ trained: 4096, cells })).toEqual({
      windowTokens: 4096,
      cellsTokens: 4096 + SPARE_CELLS,
    });
  });

  it("always hold the window and always fit the memory", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.nat(100_000), (trained, more) => {
        // Halving ends between 512 and 1024 at the latest.
        const cells = Math.min(trained, 1024) + SPARE_CELLS + more;
        const { windowTokens, cellsTokens } = fitted({ trained, cells });
        expect(windowTokens).toBeLessThanOrEqual(trained);
        expect(cellsTokens).toBeGreaterThanOrEqual(windowTokens + SPARE_CELLS);
        expect(cellsTokens).toBeLessThanOrEqual(cells);
      }),
    );
  });
});
