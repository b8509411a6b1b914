import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, planPrefix } from "./plan.ts";

/** What the steps of a plan do to cells that hold `resident`. */
function carriedOut(plan: Plan, wanted: readonly number[], resident: readonly number[]): number[] {
  let cells = [...resident];
  for (const step of plan.steps) {
    if (step.kind === "trim") {
      if (step.length >= cells.length) throw new Error("There is nothing to trim there.");
      cells = cells.slice(0, step.length);
    } else {
      if (step.from !== cells.length) throw new Error("That is not where the cells end.");
      cells.push(...wanted.slice(step.from, step.to));
    }
  }
  return cells;
}

describe("a plan", () => {
  it("prefills everything into empty cells", () => {
    expect(planPrefix([1, 2, 3], [], 0)).toEqual({
      steps: [{ kind: "prefill", from: 0, to: 3 }],
      prefixTokens: 0,
      prefillTokens: 3,
      divergence: null,
    });
  });

  it("leaves the last token to the one who samples", () => {
    expect(planPrefix([1, 2, 3], [], 1).steps).toEqual([{ kind: "prefill", from: 0, to: 2 }]);
  });

  it("keeps the common prefix and prefills only what is appended", () => {
    expect(planPrefix([1, 2, 3, 4, 5], [1, 2, 3], 1)).toEqual({
      steps: [{ kind: "prefill", from: 3, to: 4 }],
      prefixTokens: 3,
      prefillTokens: 2,
      divergence: null,
    });
  });

  it("computes only the last token of an identical prompt again", () => {
    expect(planPrefix([1, 2, 3], [1, 2, 3], 1)).toEqual({
      steps: [{ kind: "trim", length: 2 }],
      prefixTokens: 2,
      prefillTokens: 1,
      divergence: null,
    });
  });

  it("has nothing to do when all but the last token is resident and that one is left", () => {
    expect(planPrefix([1, 2, 3], [1, 2], 1).steps).toEqual([]);
  });

  it("trims nothing to warm what is resident already, alone or with more behind it", () => {
    expect(planPrefix([1, 2], [1, 2], 0).steps).toEqual([]);
    expect(planPrefix([1, 2], [1, 2, 3], 0)).toEqual({
      steps: [],
      prefixTokens: 2,
      prefillTokens: 0,
      divergence: null,
    });
  });

  it("cuts the cells where wanted leaves resident, and says what is lost", () => {
    expect(planPrefix([1, 2, 9, 4], [1, 2, 3, 4, 5], 1)).toEqual({
      steps: [
        { kind: "trim", length: 2 },
        { kind: "prefill", from: 2, to: 3 },
      ],
      prefixTokens: 2,
      prefillTokens: 2,
      divergence: { tokenIndex: 2, droppedTokens: 3 },
    });
  });

  it("reports a divergence at the very start", () => {
    expect(planPrefix([9, 2], [1, 2], 0).divergence).toEqual({ tokenIndex: 0, droppedTokens: 2 });
  });

  it("reports no divergence when nothing resident stands in the way", () => {
    expect(planPrefix([1, 2, 3], [1, 2], 0).divergence).toBeNull();
    expect(planPrefix([1, 2], [1, 2, 3], 1).divergence).toBeNull();
  });

  const tokens = fc.array(fc.nat(2), { maxLength: 12 });
  const prompt = fc.array(fc.nat(2), { minLength: 1, maxLength: 12 });
  const cases = [prompt, tokens, fc.constantFrom(0, 1)] as const;

  it("brings any cells to the wanted tokens when its steps are carried out", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const cells = carriedOut(planPrefix(wanted, resident, leave), wanted, resident);
        const needed = wanted.slice(0, wanted.length - leave);
        // Sampling continues behind the prompt; warming may leave a longer prompt alone.
        expect(leave === 1 ? cells : cells.slice(0, needed.length)).toEqual(needed);
      }),
    );
  });

  it("never computes a token of the common prefix, but for the one it leaves", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const plan = planPrefix(wanted, resident, leave);
        const differs = wanted.findIndex((token, index) => token !== resident[index]);
        const common = differs < 0 ? wanted.length : differs;
        expect(plan.prefillTokens).toBe(Math.max(leave, wanted.length - common));
        expect(plan.prefixTokens + plan.prefillTokens).toBe(wanted.length);
      }),
    );
  });

  it("reports a divergence exactly when a resident token is replaced by another one", () => {
    fc.assert(
      fc.property(...cases, (wanted, resident, leave) => {
        const { divergence } = planPrefix(wanted, resident, leave);
        const at = wanted.findIndex((token, index) => token !== resident[index]);
        const replaces = at >= 0 && at < resident.length;
        const expected = { tokenIndex: at, droppedTokens: resident.length - at };
        expect(divergence).toEqual(replaces ? expected : null);
      }),
    );
  });
});
