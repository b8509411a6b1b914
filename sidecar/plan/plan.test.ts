import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carriedOut, exactly, prefilled } from "./plan.test-support.ts";

describe("a plan", () => {
  it("prefills everything into empty cells", () => {
    expect(exactly([1, 2, 3], [], 0)).toEqual({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 0, delta: 0 },
        { kind: "prefill", from: 0, to: 3 },
      ],
      prefixTokens: 0,
      splicedTokens: 0,
      healedTokens: 0,
      divergence: null,
    });
  });

  it("leaves the last token to the one who samples", () => {
    expect(exactly([1, 2, 3], [], 1).pieces.slice(1)).toEqual([
      { kind: "prefill", from: 0, to: 2 },
    ]);
  });

  it("keeps the common prefix and prefills only what is appended", () => {
    expect(exactly([1, 2, 3, 4, 5], [1, 2, 3], 1)).toMatchObject({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 3, delta: 0 },
        { kind: "prefill", from: 3, to: 4 },
      ],
      prefixTokens: 3,
      divergence: null,
    });
  });

  it("computes only the last token of an identical prompt again", () => {
    expect(exactly([1, 2, 3], [1, 2, 3], 1)).toMatchObject({
      pieces: [{ kind: "keep", wanted: 0, resident: 0, length: 2, delta: 0 }],
      prefixTokens: 2,
      divergence: null,
    });
  });

  it("has nothing to do when all but the last token is resident and that one is left", () => {
    expect(prefilled(exactly([1, 2, 3], [1, 2], 1))).toBe(0);
  });

  it("keeps all of the wanted to warm what is resident already, alone or with more behind it", () => {
    const pieces = [{ kind: "keep", wanted: 0, resident: 0, length: 2, delta: 0 }];
    expect(exactly([1, 2], [1, 2], 0).pieces).toEqual(pieces);
    expect(exactly([1, 2], [1, 2, 3], 0)).toMatchObject({
      pieces,
      prefixTokens: 2,
      divergence: null,
    });
  });

  it("cuts the cells where wanted leaves resident, and says what is lost", () => {
    expect(exactly([1, 2, 9, 4], [1, 2, 3, 4, 5], 1)).toMatchObject({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 2, delta: 0 },
        { kind: "prefill", from: 2, to: 3 },
      ],
      prefixTokens: 2,
      divergence: { tokenIndex: 2, droppedTokens: 3 },
    });
  });

  it("reports a divergence at the very start", () => {
    expect(exactly([9, 2], [1, 2], 0).divergence).toEqual({ tokenIndex: 0, droppedTokens: 2 });
  });

  it("reports no divergence when nothing resident stands in the way", () => {
    expect(exactly([1, 2, 3], [1, 2], 0).divergence).toBeNull();
    expect(exactly([1, 2], [1, 2, 3], 1).divergence).toBeNull();
  });

  const tokens = fc.array(fc.nat(2), { maxLength: 12 });
  const prompt = fc.array(fc.nat(2), { minLength: 1, maxLength: 12 });
  const cases = [prompt, tokens, fc.constantFrom<(0 | 1)[]>(0, 1)] as const;

  it("brings any cells to the wanted tokens when its pieces are carried out", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const cells = carriedOut(exactly(wanted, resident, leave), wanted, resident);
        expect(cells).toEqual(wanted.slice(0, wanted.length - leave));
      }),
    );
  });

  it("never computes a token of the common prefix, but for the one it leaves", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const plan = exactly(wanted, resident, leave);
        const differs = wanted.findIndex((token, index) => token !== resident[index]);
        const common = differs < 0 ? wanted.length : differs;
        expect(prefilled(plan) + leave).toBe(Math.max(leave, wanted.length - common));
        expect(plan.prefixTokens + prefilled(plan) + leave).toBe(wanted.length);
      }),
    );
  });

  it("reports a divergence exactly when a resident token is replaced by another one", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const { divergence } = exactly(wanted, resident, leave);
        const at = wanted.findIndex((token, index) => token !== resident[index]);
        const replaces = at >= 0 && at < resident.length;
        const expected = { tokenIndex: at, droppedTokens: resident.length - at };
        expect(divergence).toEqual(replaces ? expected : null);
      }),
    );
  });
});
