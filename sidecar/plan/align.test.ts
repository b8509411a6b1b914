import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { align, RUN_TOKENS_MIN } from "./align.ts";
import type { Run } from "./run.ts";

function counting(length: number, from: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

/** Text of which no stretch occurs in one of another number. */
function text(number: number, length = 50): number[] {
  return counting(length, 1000 * (number + 1));
}

function aligned(wanted: readonly number[], resident: readonly number[]): Run[] {
  return align(wanted, resident, RUN_TOKENS_MIN);
}

describe("the runs of two texts", () => {
  it("are none when they have nothing in common, or one is empty", () => {
    expect(aligned(text(0), text(1))).toEqual([]);
    expect(aligned([], text(1))).toEqual([]);
    expect(aligned(text(0), [])).toEqual([]);
  });

  it("are one when they are equal, or one begins like the other", () => {
    const whole = [{ wanted: 0, resident: 0, length: 50 }];
    expect(aligned(text(0), text(0))).toEqual(whole);
    expect(aligned(text(0), text(0, 80))).toEqual(whole);
    expect(aligned(text(0, 80), text(0))).toEqual(whole);
  });

  it("begin with the common prefix, however short that is", () => {
    expect(aligned([1, 2, 3], [1, 2, 4])).toEqual([{ wanted: 0, resident: 0, length: 2 }]);
  });

  it("go on behind one changed region", () => {
    expect(aligned([...text(0), 1, 2, ...text(1)], [...text(0), 3, 4, ...text(1)])).toEqual([
      { wanted: 0, resident: 0, length: 50 },
      { wanted: 52, resident: 52, length: 50 },
    ]);
  });

  it("go on behind each of many changed regions", () => {
    const resident = [0, 1, 2, 3, 4, 5].flatMap((number) => [...text(number), 7]);
    const wanted = [0, 1, 2, 3, 4, 5].flatMap((number) => [...text(number), 8, 9]);
    expect(aligned(wanted, resident)).toEqual(
      [0, 1, 2, 3, 4, 5].map((number) => ({
        wanted: 52 * number,
        resident: 51 * number,
        length: 50,
      })),
    );
  });

  it("go on behind an insertion, earlier in the resident text", () => {
    expect(aligned([...text(0), ...text(9, 7), ...text(1)], [...text(0), ...text(1)])).toEqual([
      { wanted: 0, resident: 0, length: 50 },
      { wanted: 57, resident: 50, length: 50 },
    ]);
  });

  it("go on behind a deletion, later in the resident text", () => {
    expect(aligned([...text(0), ...text(1)], [...text(0), ...text(9, 7), ...text(1)])).toEqual([
      { wanted: 0, resident: 0, length: 50 },
      { wanted: 50, resident: 57, length: 50 },
    ]);
  });

  it("begin where the front was cut off, without a prefix", () => {
    expect(aligned(text(1), [...text(0), ...text(1)])).toEqual([
      { wanted: 0, resident: 50, length: 50 },
    ]);
  });

  it("take the longer of two texts that changed places", () => {
    const resident = [...text(0), ...text(1, 60), ...text(2, 90)];
    expect(aligned([...text(0), ...text(2, 90), ...text(1, 60)], resident)).toEqual([
      { wanted: 0, resident: 0, length: 50 },
      { wanted: 50, resident: 110, length: 90 },
    ]);
  });

  it("keep a repeated text as often as it was resident, and no oftener", () => {
    const resident = [...text(0), 1, ...text(0), 2, ...text(0)];
    const wanted = [...text(0), 3, ...text(0), 4, ...text(0), 5, ...text(0)];
    expect(aligned(wanted, resident)).toHaveLength(3);
    expect(tokensOf(aligned(wanted, resident))).toBe(150);
  });

  it("are cut from a text of one token without end", () => {
    const once = Array.from({ length: 400 }, () => 5);
    expect(tokensOf(aligned([1, ...once, 2], [3, ...once, 4]))).toBe(400);
  });

  it("are not shorter than asked for, nor than an anchor can find", () => {
    const short = text(0, RUN_TOKENS_MIN - 1);
    expect(aligned([1, ...short], [2, ...short])).toEqual([]);
    expect(align([1, ...short], [2, ...short], 1)).toEqual([]);
    expect(align([1, ...text(0, 63)], [2, ...text(0, 63)], 64)).toEqual([]);
    expect(align([1, ...text(0, 64)], [2, ...text(0, 64)], 64)).toHaveLength(1);
  });

  it.each(counting(20, 0))("are found at whichever place they stand (%i tokens in)", (before) => {
    const resident = [...text(8, before), ...text(0, RUN_TOKENS_MIN), 1];
    const wanted = [2, ...text(0, RUN_TOKENS_MIN), 3];
    expect(aligned(wanted, resident)).toEqual([
      { wanted: 1, resident: before, length: RUN_TOKENS_MIN },
    ]);
  });

  it("are exact for 100,000 tokens with three edits", () => {
    const resident = prose(100_000);
    const wanted = [
      ...resident.slice(0, 20_000),
      ...text(900, 30),
      ...resident.slice(20_000, 50_000),
      ...resident.slice(50_250, 80_000),
      ...text(901, 12),
      ...resident.slice(80_012),
    ];
    expect(aligned(wanted, resident)).toEqual([
      { wanted: 0, resident: 0, length: 20_000 },
      { wanted: 20_030, resident: 20_000, length: 30_000 },
      { wanted: 50_030, resident: 50_250, length: 29_750 },
      { wanted: 79_792, resident: 80_012, length: 19_988 },
    ]);
  });
});

/** Tokens as they come in a text: a few thousand ids, in an order without a period. */
function prose(length: number): number[] {
  let state = 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return 100_000 + ((state >> 16) % 5000);
  });
}

function tokensOf(runs: readonly Run[]): number {
  return runs.reduce((total, { length }) => total + length, 0);
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((token, index) => token !== b[index]);
  return at < 0 ? a.length : at;
}

/** Long texts over few tokens, with edits of each other, so that everything repeats. */
const paragraph = fc.oneof(
  fc.array(fc.nat(1), { minLength: 1, maxLength: 60 }),
  fc.nat(3).map((number) => text(number, 40 + 7 * number)),
  fc.nat(60).map((length) => Array.from({ length }, () => 0)),
);
const texts = fc.array(paragraph, { minLength: 1, maxLength: 4 }).chain((pool) => {
  const chosen = fc.array(fc.nat(pool.length - 1), { maxLength: 6 });
  const stray = fc.array(fc.nat(1), { maxLength: 3 });
  const side = fc
    .tuple(chosen, stray)
    .map(([choices, between]) => choices.flatMap((choice) => [...between, ...pool[choice]!]));
  return fc.tuple(side, side);
});

describe("the runs of any two texts", () => {
  it("are equal tokens, rising in both without overlap, and long enough behind the prefix", () => {
    fc.assert(
      fc.property(texts, ([wanted, resident]) => {
        const prefix = commonPrefix(wanted, resident);
        let wantedEnd = 0;
        let residentEnd = 0;
        for (const run of aligned(wanted, resident)) {
          expect(run.wanted).toBeGreaterThanOrEqual(wantedEnd);
          expect(run.resident).toBeGreaterThanOrEqual(residentEnd);
          wantedEnd = run.wanted + run.length;
          residentEnd = run.resident + run.length;
          const kept = resident.slice(run.resident, residentEnd);
          expect(kept).toEqual(wanted.slice(run.wanted, wantedEnd));
          expect(kept).toHaveLength(run.length);
          const isPrefix = run.wanted === 0 && run.resident === 0;
          expect(run.length).toBeGreaterThanOrEqual(isPrefix ? prefix : RUN_TOKENS_MIN);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("never keep less than the common prefix", () => {
    fc.assert(
      fc.property(texts, ([wanted, resident]) => {
        const runs = aligned(wanted, resident);
        const prefix = commonPrefix(wanted, resident);
        expect(tokensOf(runs)).toBeGreaterThanOrEqual(prefix);
        expect(prefix === 0 || (runs[0]?.wanted === 0 && runs[0].resident === 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("find all that stands behind a single replaced stretch", () => {
    const stretch = fc
      .nat(40)
      .chain((length) => fc.constantFrom(text(20, length), text(21, length)));
    const around = fc.integer({ min: RUN_TOKENS_MIN, max: 80 });
    fc.assert(
      fc.property(around, stretch, stretch, around, (before, old, fresh, behind) => {
        const front = text(0, before);
        const back = text(1, behind);
        const runs = aligned([...front, ...fresh, ...back], [...front, ...old, ...back]);
        expect(tokensOf(runs)).toBeGreaterThanOrEqual(before + behind);
      }),
      { numRuns: 1000 },
    );
  });
});
