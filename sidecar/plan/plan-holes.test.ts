import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOLES_TOKENS_MAX } from "./place.ts";
import { carriedOut, positionsAfter, prefilled, spliced, text } from "./plan.test-support.ts";
import { type Plan, type PlanOptions } from "./plan.ts";

type Keep = readonly [wanted: number, length: number, delta: number];

/** The kept runs behind the prefix. */
function keeps({ pieces }: Plan): Keep[] {
  return pieces
    .slice(1)
    .flatMap((piece) =>
      piece.kind === "keep" ? [[piece.wanted, piece.length, piece.delta] as const] : [],
    );
}

const fixed = { canShift: () => false } as const;
/** Shifts that would be felt, so that holes are left. */
const slow = { speeds: { tokenMs: 1, shiftMs: 151 } } as const;
const resident = [...text(0), ...text(9, 20), ...text(1), ...text(8, 5), ...text(2)];
const [firstAt, secondAt] = [120, 225];

describe("text that was taken out", () => {
  const wanted = [...text(0), ...text(1), ...text(8, 5), ...text(2)];

  it("shifts what stands behind it, as long as nobody feels that", () => {
    expect(keeps(spliced(wanted, resident))).toEqual([[100, 205, -20]]);
    const speeds = { tokenMs: 1, shiftMs: 150 };
    expect(keeps(spliced(wanted, resident, { speeds }))).toEqual([[100, 205, -20]]);
  });

  it("leaves a hole where shifts are slow or impossible", () => {
    expect(keeps(spliced(wanted, resident, slow))).toEqual([[100, 205, 0]]);
    expect(keeps(spliced(wanted, resident, fixed))).toEqual([[100, 205, 0]]);
  });

  it("may be replaced by shorter text, which goes on where the prefix ends", () => {
    const shorter = [...text(0), ...text(7, 12), ...text(1)];
    const plan = spliced(shorter, resident, fixed);
    expect(keeps(plan)).toEqual([[112, 100, 0]]);
    expect(positionsAfter(plan, [{ index: 0, position: 0 }]).slice(111, 113)).toEqual([
      111,
      firstAt,
    ]);
  });

  it("is closed up to when the window has no room for the hole and its answer", () => {
    const room = (positionsMax: number): Keep[] =>
      keeps(spliced(wanted, resident, { ...slow, positionsMax }));
    expect(room(wanted.length + 20)).toEqual([[100, 205, 0]]);
    expect(room(wanted.length + 19)).toEqual([[100, 205, -20]]);
    const positionsMax = wanted.length + 19;
    expect(keeps(spliced(wanted, resident, { ...fixed, positionsMax }))).toEqual([]);
  });

  it("is closed up to when the holes would be more than a prompt may have together", () => {
    const long = [...text(0), ...text(9, HOLES_TOKENS_MAX + 1), ...text(1)];
    expect(keeps(spliced([...text(0), ...text(1)], long))).toEqual([
      [100, 100, -(HOLES_TOKENS_MAX + 1)],
    ]);
    expect(keeps(spliced([...text(0), ...text(1)], long, fixed))).toEqual([]);
    expect(keeps(spliced([...text(0), 1, ...text(1)], long, fixed))).toEqual([[101, 100, 0]]);
  });
});

describe("text that became longer", () => {
  it("shifts all that stands behind it, and closes the holes that are there", () => {
    const wanted = [...text(0), ...text(7, 25), ...text(1), ...text(2)];
    expect(keeps(spliced(wanted, resident))).toEqual([
      [125, 100, 5],
      [225, 100, 0],
    ]);
    const stretches = [
      { index: 0, position: 0 },
      { index: 30, position: 40 },
    ];
    expect(keeps(spliced(wanted, resident, { stretches }))).toEqual([
      [30, 70, -10],
      [125, 100, -5],
      [225, 100, -10],
    ]);
  });

  it("uses the room of an earlier hole where nothing can shift", () => {
    const stretches = [
      { index: 0, position: 0 },
      { index: firstAt, position: firstAt + 30 },
    ];
    const longer = (tokens: number): Keep[] =>
      keeps(
        spliced([...text(0), ...text(7, tokens), ...text(1)], resident, { ...fixed, stretches }),
      );
    expect(longer(50)).toEqual([[150, 100, 0]]);
    expect(longer(51)).toEqual([]);
  });

  it("costs the shorter of two runs that cannot both stay", () => {
    // The first run may only stay behind a hole of 20, and the second in front of one of 5.
    const both = [...text(0), ...text(1), ...text(7, 20), ...text(2)];
    expect(keeps(spliced(both, resident, fixed))).toEqual([[100, 100, 0]]);
    const longerSecond = [...resident.slice(0, secondAt), ...text(2, 300)];
    const wanted = [...text(0), ...text(1), ...text(7, 20), ...text(2, 300)];
    expect(keeps(spliced(wanted, longerSecond, fixed))).toEqual([[220, 300, 0]]);
  });
});

describe("holes that are there already", () => {
  const stretches = [
    { index: 0, position: 0 },
    { index: 150, position: 170 },
  ];

  it("do not end the prefix", () => {
    const plan = spliced([...resident, 1, 2], resident, { stretches });
    expect([plan.prefixTokens, plan.splicedTokens, prefilled(plan)]).toEqual([325, 0, 2]);
  });

  it("are closed when the prompt grows into the end of the window", () => {
    const wanted = [...resident, 1, 2];
    const positionsMax = wanted.length + 19;
    const plan = spliced(wanted, resident, { stretches, positionsMax });
    expect(plan.prefixTokens).toBe(150);
    expect(keeps(plan)).toEqual([[150, 175, -20]]);
    const computed = spliced(wanted, resident, { ...fixed, stretches, positionsMax });
    expect([computed.prefixTokens, prefilled(computed)]).toEqual([150, 177]);
  });

  it("at the front stay as long as they may", () => {
    const front = [{ index: 0, position: 40 }];
    expect(spliced([...resident, 1], resident, { stretches: front }).prefixTokens).toBe(325);
    const grown = spliced([...text(7, 41), ...resident], resident, { stretches: front });
    expect(keeps(grown)).toEqual([[41, 325, 1]]);
  });
});

const holes = fc
  .array(fc.record({ index: fc.nat(400), hole: fc.integer({ min: 1, max: 40 }) }), { maxLength: 4 })
  .map((some) => {
    const stretches = [{ index: 0, position: 0 }];
    let before = 0;
    for (const { index, hole } of some.toSorted((a, b) => a.index - b.index)) {
      if (index <= stretches.at(-1)!.index) continue;
      before += hole;
      stretches.push({ index, position: index + before });
    }
    return stretches;
  });
const paragraphs = fc.array(fc.nat(5), { maxLength: 5 });
const strays = fc.array(fc.constantFrom(1, 2), { maxLength: 3 });
const written = (numbers: readonly number[], stray: readonly number[]): number[] =>
  numbers.flatMap((number) => [...text(number, 60 + 10 * number), ...stray]);
const change = fc.record({ at: fc.nat(5), out: fc.nat(2), put: paragraphs });

describe("any plan over holes", () => {
  it("leaves cells that rise in position, in the room there is, and moves only what may move", () => {
    fc.assert(
      fc.property(
        fc.tuple(paragraphs, strays, strays, fc.array(change, { maxLength: 3 })),
        holes,
        fc.record({
          reuse: fc.constantFrom("auto" as const, "splice" as const),
          leave: fc.constantFrom<(0 | 1)[]>(0, 1),
          healTokens: fc.nat(12),
          runsMax: fc.nat(4),
        }),
        fc.record({ slack: fc.nat(120), shiftMs: fc.constantFrom(0, 100), fixedTo: fc.nat(500) }),
        ([numbers, before, between, changes], stretches, chosen, { slack, shiftMs, fixedTo }) => {
          const from = written(numbers, before);
          const after = [...numbers];
          for (const { at, out, put } of changes) after.splice(at, out, ...put);
          const wanted = [...written(after, between), 9];
          const there = stretches.filter(({ index }) => index < from.length);
          const positionsMax = wanted.length + slack;
          const canShift: PlanOptions["canShift"] = (run) => run.resident >= fixedTo;
          const plan = spliced(wanted, from, {
            ...chosen,
            canShift,
            positionsMax,
            stretches: there,
            speeds: { tokenMs: 1, shiftMs },
          });
          const to = wanted.length - chosen.leave;
          expect(carriedOut(plan, wanted, from)).toEqual(wanted.slice(0, to));
          const positions = positionsAfter(plan, there);
          expect(positions.every((at, index) => at > (positions[index - 1] ?? -1))).toBe(true);
          expect((positions.at(-1) ?? -1) + chosen.leave).toBeLessThan(positionsMax);
          const lifted = plan.pieces.slice(1).filter((piece) => piece.kind === "keep");
          expect(lifted.every((piece) => piece.delta === 0 || canShift(piece))).toBe(true);
          expect(lifted.length).toBeLessThanOrEqual(chosen.runsMax);
          const alone = spliced(wanted, from, {
            ...chosen,
            positionsMax,
            stretches: there,
            runsMax: 0,
          });
          expect(prefilled(plan)).toBeLessThanOrEqual(prefilled(alone));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
