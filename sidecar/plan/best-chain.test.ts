import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestChain } from "./best-chain.ts";
import type { Run } from "./run.ts";

function run(wanted: number, resident: number, length: number): Run {
  return { wanted, resident, length };
}

function tokensOf(runs: readonly Run[]): number {
  return runs.reduce((total, { length }) => total + length, 0);
}

describe("the best chain", () => {
  it("of nothing is empty", () => {
    expect(bestChain([])).toEqual([]);
  });

  it("keeps runs that rise in both texts, in whatever order they come", () => {
    const runs = [run(0, 5, 4), run(6, 10, 4), run(20, 14, 4)];
    expect(bestChain([runs[2]!, runs[0]!, runs[1]!])).toEqual(runs);
  });

  it("keeps the longer of two that cross", () => {
    expect(bestChain([run(0, 20, 5), run(10, 0, 6)])).toEqual([run(10, 0, 6)]);
    expect(bestChain([run(0, 20, 7), run(10, 0, 6)])).toEqual([run(0, 20, 7)]);
  });

  it("keeps several short runs rather than a long one across them", () => {
    const short = [run(0, 0, 4), run(10, 10, 4), run(20, 20, 4)];
    expect(bestChain([...short, run(2, 30, 9)])).toEqual(short);
  });

  it("takes the front off a run that overlaps the one before it, in either text", () => {
    expect(bestChain([run(0, 0, 10), run(8, 20, 10)])).toEqual([run(0, 0, 10), run(10, 22, 8)]);
    expect(bestChain([run(0, 0, 10), run(20, 7, 10)])).toEqual([run(0, 0, 10), run(23, 10, 7)]);
  });

  it("leaves out a run of which nothing is left", () => {
    expect(bestChain([run(0, 0, 10), run(2, 2, 5)])).toEqual([run(0, 0, 10)]);
  });
});

/** The most points of all runs that rise in both texts: no chain of whole or cut runs has more. */
function mostTokens(runs: readonly Run[]): number {
  const points = runs
    .flatMap(({ wanted, resident, length }) =>
      Array.from({ length }, (_, at) => ({
        wanted: wanted + at,
        resident: resident + at,
        most: 1,
      })),
    )
    .sort((a, b) => a.wanted - b.wanted);
  for (const point of points) {
    for (const before of points) {
      if (before.wanted >= point.wanted) break;
      if (before.resident < point.resident) point.most = Math.max(point.most, before.most + 1);
    }
  }
  return Math.max(0, ...points.map(({ most }) => most));
}

describe("the best chain of any runs", () => {
  const place = fc.nat(14);
  const anyRun = fc.record({
    wanted: place,
    resident: place,
    length: fc.integer({ min: 1, max: 7 }),
  });
  const anyRuns = fc.array(anyRun, { maxLength: 6 });

  it("keeps as much as the best of all choices of tokens", () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        expect(tokensOf(bestChain(runs))).toBe(mostTokens(runs));
      }),
      { numRuns: 3000 },
    );
  });

  it("is made of ends of these runs, rising in both texts without overlap", () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        let wantedEnd = 0;
        let residentEnd = 0;
        for (const { wanted, resident, length } of bestChain(runs)) {
          expect(length).toBeGreaterThan(0);
          expect(wanted).toBeGreaterThanOrEqual(wantedEnd);
          expect(resident).toBeGreaterThanOrEqual(residentEnd);
          wantedEnd = wanted + length;
          residentEnd = resident + length;
          const whole = runs.filter(
            (each) =>
              each.wanted + each.length === wantedEnd &&
              each.resident + each.length === residentEnd,
          );
          expect(Math.max(...whole.map((each) => each.length))).toBeGreaterThanOrEqual(length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
