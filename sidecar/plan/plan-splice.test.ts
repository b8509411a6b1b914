import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNMEASURED } from "./cost.ts";
import { carriedOut, exactly, prefilled, spliced, text } from "./plan.test-support.ts";
import type { PlanOptions } from "./plan.ts";

describe("exact reuse", () => {
  it("uses no stale cell, even one of the right token", () => {
    expect(spliced([1, 2, 3, 4], [1, 2, 3, 4], { reuse: "exact", exactTokens: 2 })).toMatchObject({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 2, delta: 0 },
        { kind: "prefill", from: 2, to: 4 },
      ],
      prefixTokens: 2,
      splicedTokens: 0,
      divergence: { tokenIndex: 2, droppedTokens: 2 },
    });
  });

  it("keeps nothing behind a changed region", () => {
    const plan = spliced([1, ...text(0)], [2, ...text(0)], { reuse: "exact" });
    expect([plan.splicedTokens, plan.healedTokens, prefilled(plan)]).toEqual([0, 0, 101]);
  });
});

describe("a splice", () => {
  const resident = [...text(0), ...text(8, 10), ...text(1), ...text(9, 5), ...text(2)];
  const wanted = [...text(0), ...text(6, 4), ...text(1), ...text(7, 9), ...text(2)];
  const first = { kind: "keep", wanted: 104, resident: 110, length: 100, delta: -6 };
  const second = { kind: "keep", wanted: 213, resident: 215, length: 100, delta: -2 };

  it("keeps the runs behind changed regions and prefills only the regions", () => {
    expect(spliced(wanted, resident)).toEqual({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 100, delta: 0 },
        { kind: "prefill", from: 100, to: 104 },
        first,
        { kind: "prefill", from: 204, to: 213 },
        second,
      ],
      prefixTokens: 100,
      splicedTokens: 200,
      healedTokens: 0,
      divergence: { tokenIndex: 100, droppedTokens: 15 },
    });
  });

  it("uses stale cells as well", () => {
    expect(spliced(wanted, resident, { exactTokens: 3 })).toEqual(spliced(wanted, resident));
  });

  it("leaves the last token to the one who samples, and not to a kept run", () => {
    const { pieces, splicedTokens } = spliced(wanted, resident, { leave: 1 });
    expect(pieces.at(-1)).toEqual({ ...second, length: 99 });
    expect(splicedTokens).toBe(199);
  });

  it("loses nothing by appending", () => {
    expect(spliced([...resident, 1, 2], resident)).toEqual(
      exactly([...resident, 1, 2], resident, 0),
    );
  });

  it("computes the front of each run again to heal its seam, and counts that", () => {
    const { pieces, splicedTokens, healedTokens } = spliced(wanted, resident, { healTokens: 8 });
    expect(pieces.slice(1)).toEqual([
      { kind: "prefill", from: 100, to: 112 },
      { kind: "keep", wanted: 112, resident: 118, length: 92, delta: -6 },
      { kind: "prefill", from: 204, to: 221 },
      { kind: "keep", wanted: 221, resident: 223, length: 92, delta: -2 },
    ]);
    expect([splicedTokens, healedTokens]).toEqual([184, 16]);
  });

  it("counts all that it heals when more is healed than kept", () => {
    const { splicedTokens, healedTokens } = spliced([1, ...text(0, 500)], [2, ...text(0, 500)], {
      healTokens: 400,
    });
    expect([splicedTokens, healedTokens]).toEqual([100, 400]);
  });

  it("keeps no run that healing makes too short, nor one shorter than 64 tokens", () => {
    expect(spliced(wanted, resident, { healTokens: 37 }).splicedTokens).toBe(0);
    expect(spliced([1, ...text(0, 63)], [2, ...text(0, 63)]).splicedTokens).toBe(0);
    expect(spliced([1, ...text(0, 64)], [2, ...text(0, 64)]).splicedTokens).toBe(64);
  });

  it("keeps the longest runs when there are too few branches, and none without any", () => {
    const from = [...text(0, 100), 1, ...text(1, 80), 2, ...text(2, 120), 3, ...text(3, 70)];
    const to = [...text(0, 100), 4, ...text(1, 80), 5, ...text(2, 120), 6, ...text(3, 70)];
    const lengths = (runsMax: number): number[] => {
      const keeps = spliced(to, from, { runsMax }).pieces.filter(({ kind }) => kind === "keep");
      return keeps.slice(1).map((piece) => (piece.kind === "keep" ? piece.length : 0));
    };
    expect([lengths(3), lengths(2), lengths(1), lengths(0)]).toEqual([
      [80, 120, 70],
      [80, 120],
      [120],
      [],
    ]);
  });

  it("keeps only runs that stay where they are when cells cannot shift", () => {
    const from = [...text(0), 1, ...text(1), 2, ...text(2)];
    const to = [...text(0), 3, ...text(1), 4, 5, ...text(2)];
    const options = { canShift: () => false };
    expect(spliced(to, from, options).splicedTokens).toBe(100);
    expect(spliced([...text(0), 3, 4, ...text(1)], from, options).splicedTokens).toBe(0);
  });

  it("asks whether a run can shift with the cells that it would move", () => {
    const asked: unknown[] = [];
    spliced(wanted, resident, {
      healTokens: 8,
      canShift: (run) => {
        asked.push(run);
        return false;
      },
    });
    expect(asked).toEqual([
      { wanted: 112, resident: 118, length: 92 },
      { wanted: 221, resident: 223, length: 92 },
    ]);
  });

  const shiftCosts = (tokens: number): Partial<PlanOptions> => ({
    speeds: { ...UNMEASURED, shiftMs: tokens * UNMEASURED.tokenMs },
  });

  it("shifts nothing unless that saves more than the shifts cost", () => {
    expect(spliced(wanted, resident, shiftCosts(99)).splicedTokens).toBe(200);
    // One of the two runs can stay, so that shifting both saves only the other.
    expect(spliced(wanted, resident, shiftCosts(101)).splicedTokens).toBe(100);
    expect(spliced([1, 1, ...text(0)], [2, ...text(0)], shiftCosts(101)).splicedTokens).toBe(0);
    // These stay where they are, which costs nothing.
    const { splicedTokens } = spliced([1, ...text(0)], [2, ...text(0)], shiftCosts(1000));
    expect(splicedTokens).toBe(100);
  });
});

describe("regions that interleave", () => {
  it("keep the longer of two texts that changed places", () => {
    const plan = spliced([...text(1, 120), ...text(0)], [...text(0), ...text(1, 120)]);
    expect([plan.prefixTokens, plan.splicedTokens, prefilled(plan)]).toEqual([0, 120, 100]);
  });

  it("keep each resident token once, however often it is wanted", () => {
    const resident = [1, ...text(0), ...text(1)];
    const wanted = [2, ...text(0), ...text(1), ...text(0), ...text(1)];
    const plan = spliced(wanted, resident);
    expect([plan.splicedTokens, prefilled(plan)]).toEqual([200, 201]);
    expect(carriedOut(plan, wanted, resident)).toEqual(wanted);
  });

  it("keep what is around a text that overlaps its own copy", () => {
    const period = text(3, 40);
    const resident = [1, ...text(0), ...period, ...period, ...period, ...text(1)];
    const wanted = [2, ...text(0), ...period, ...period, ...text(1)];
    const plan = spliced(wanted, resident);
    expect([plan.splicedTokens, prefilled(plan)]).toEqual([280, 1]);
    expect(carriedOut(plan, wanted, resident)).toEqual(wanted);
  });
});

describe("automatic reuse", () => {
  const auto = { reuse: "auto" } as const;
  const resident = [...text(0), ...text(8, 10), ...text(1), ...text(9, 5), ...text(2)];

  it("keeps what stands behind text that was only taken out", () => {
    const wanted = [...text(0), ...text(1), ...text(2)];
    expect(spliced(wanted, resident, auto)).toMatchObject({
      pieces: [
        { kind: "keep", wanted: 0, resident: 0, length: 100, delta: 0 },
        { kind: "keep", wanted: 100, resident: 110, length: 100, delta: -10 },
        { kind: "keep", wanted: 200, resident: 215, length: 100, delta: -15 },
      ],
      splicedTokens: 200,
      divergence: { tokenIndex: 100, droppedTokens: 15 },
    });
  });

  it("keeps nothing behind new text, though there may be deletions before and after", () => {
    const wanted = [...text(0), ...text(1), 7, ...text(2)];
    expect(spliced(wanted, resident, auto).splicedTokens).toBe(100);
    expect(spliced([...text(0), 7, ...text(1), ...text(2)], resident, auto).splicedTokens).toBe(0);
  });

  it("keeps what was behind a front that was taken out", () => {
    expect(spliced(text(1), [...text(0), ...text(1)], auto)).toMatchObject({
      prefixTokens: 0,
      splicedTokens: 100,
    });
  });

  it("heals seams too", () => {
    const wanted = [...text(0), ...text(1), ...text(2)];
    const plan = spliced(wanted, resident, { ...auto, healTokens: 8 });
    expect([plan.splicedTokens, plan.healedTokens, prefilled(plan)]).toEqual([184, 16, 16]);
  });
});

const edited = fc
  .array(fc.nat(5), { maxLength: 5 })
  .chain((numbers) => {
    const strays = fc.array(fc.constantFrom(1, 2), { maxLength: 3 });
    const change = fc.record({
      at: fc.nat(5),
      out: fc.nat(2),
      put: fc.array(fc.nat(5), { maxLength: 2 }),
    });
    return fc.tuple(fc.constant(numbers), strays, strays, fc.array(change, { maxLength: 3 }));
  })
  .map(([numbers, before, between, changes]) => {
    const written = (each: readonly number[], stray: readonly number[]): number[] =>
      each.flatMap((number) => [...text(number, 60 + 10 * number), ...stray]);
    const after = [...numbers];
    for (const { at, out, put } of changes) after.splice(at, out, ...put);
    return { resident: written(numbers, before), wanted: [...written(after, between), 9] };
  });
const options = fc.record({
  reuse: fc.constantFrom("exact" as const, "auto" as const, "splice" as const),
  leave: fc.constantFrom<(0 | 1)[]>(0, 1),
  healTokens: fc.nat(12),
  runsMax: fc.nat(4),
  speeds: fc.record({
    tokenMs: fc.constant(1),
    shiftMs: fc.constantFrom(0, 0, 0, 100),
  }),
});

describe("any plan", () => {
  it("covers the wanted tokens once and in order, and keeps only what is the same", () => {
    fc.assert(
      fc.property(edited, options, fc.nat(400), (texts, chosen, stale) => {
        const { wanted, resident } = texts;
        const exactTokens = Math.max(0, resident.length - stale);
        const plan = spliced(wanted, resident, { ...chosen, exactTokens });
        const to = wanted.length - chosen.leave;
        expect(carriedOut(plan, wanted, resident)).toEqual(wanted.slice(0, to));
        expect(plan.prefixTokens + plan.splicedTokens + prefilled(plan)).toBe(to);
        expect(plan.healedTokens).toBeLessThanOrEqual(prefilled(plan));
        const keeps = plan.pieces.filter(({ kind }) => kind === "keep");
        expect(keeps.length).toBeLessThanOrEqual(1 + chosen.runsMax);
        const usable = chosen.reuse === "exact" ? exactTokens : resident.length;
        expect(plan.prefixTokens).toBeLessThanOrEqual(usable);
      }),
      { numRuns: 1000 },
    );
  });

  it("never prefills more than reusing the prefix would", () => {
    fc.assert(
      fc.property(edited, options, ({ wanted, resident }, chosen) => {
        const plan = spliced(wanted, resident, chosen);
        const prefix = exactly(wanted, resident, chosen.leave);
        expect(prefilled(plan)).toBeLessThanOrEqual(prefilled(prefix));
        expect(plan.prefixTokens).toBe(prefix.prefixTokens);
      }),
      { numRuns: 1000 },
    );
  });
});
