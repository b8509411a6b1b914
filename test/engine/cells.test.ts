import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { loadEngine } from "../support/engine.ts";
import {
  EngineCells,
  kl,
  NOISE_FACTOR,
  type Probabilities,
  tokens,
} from "../support/engine-cells.ts";

/**
 * The primitives on cells, each proved on the real engine: whatever is done, ledger and engine
 * agree, and what the ledger calls exact gives the probabilities of a fresh prefill.
 */
let cells: EngineCells;

beforeAll(async () => {
  cells = new EngineCells(await loadEngine("tiny", { config: { windowTokens: 512 } }));
});
afterAll(async () => {
  await cells.engine.dispose();
});

async function expectExact(state: Probabilities, text: readonly number[]): Promise<number> {
  const found = await cells.compare(state, text);
  expect(found.kl).toBeLessThanOrEqual(NOISE_FACTOR * found.noise);
  return found.noise;
}

describe("primitives", () => {
  const text = tokens(200, 1);

  test("a parked branch comes back as it was", async () => {
    await cells.clear();
    await cells.decode(text);
    const parked = await cells.kv.park(ACTIVE);
    await cells.kv.trim(0);
    await cells.decode(tokens(50, 2));
    await cells.kv.exchange(parked);
    cells.kv.drop(parked);
    expect(cells.kv.disagreement([ACTIVE, parked])).toBeNull();
    await expectExact(await cells.probabilities(), text);
  });

  test("two branches share a prefix and differ behind it, each as if it were alone", async () => {
    const [one, two] = [tokens(40, 3), tokens(40, 4)];
    await cells.clear();
    await cells.decode(text);
    await cells.decode(one);
    const parked = await cells.kv.park(ACTIVE);
    await cells.kv.trim(text.length);
    await cells.decode(two);
    const second = await cells.probabilities();
    expect(cells.kv.ledger.usedTokens).toBe(text.length + one.length + two.length);
    await cells.kv.exchange(parked);
    cells.kv.drop(parked);
    await expectExact(await cells.probabilities(), [...text, ...one]);
    await expectExact(second, [...text, ...two]);
  });

  test("a branch that is a front of the active one takes its place", async () => {
    await cells.clear();
    await cells.decode(text);
    const front = await cells.kv.park(ACTIVE);
    await cells.decode(tokens(30, 2));
    await cells.kv.takeOver(front);
    expect(cells.kv.disagreement([ACTIVE, front])).toBeNull();
    expect(cells.kv.ledger.usedTokens).toBe(text.length);
    await expectExact(await cells.probabilities(), text);
  });

  test("branches that part near their ends change places, each as if it were alone", async () => {
    const [one, two] = [tokens(40, 3), tokens(60, 4)];
    await cells.clear();
    await cells.decode([...text, ...one]);
    const first = await cells.kv.park(ACTIVE);
    await cells.kv.trim(text.length);
    await cells.decode(two);
    const second = await cells.kv.park(ACTIVE);
    await cells.kv.takeOver(first);
    expect(cells.kv.disagreement([ACTIVE, first, second])).toBeNull();
    const firstState = await cells.probabilities();
    const third = await cells.kv.park(ACTIVE);
    await cells.kv.takeOver(second);
    expect(cells.kv.disagreement([ACTIVE, second, third])).toBeNull();
    const secondState = await cells.probabilities();
    cells.kv.drop(third);
    await expectExact(secondState, [...text, ...two]);
    await expectExact(firstState, [...text, ...one]);
  });

  test("a copy of an empty branch changes nothing", async () => {
    await cells.clear();
    await cells.decode(text);
    await cells.kv.copy(9, ACTIVE);
    expect(cells.kv.disagreement([ACTIVE, 9])).toBeNull();
    expect(cells.kv.ledger.usedTokens).toBe(text.length);
  });

  test("a run is shifted to the position that a fresh prefill would give it", async () => {
    await cells.clear();
    await cells.decode(text);
    const parked = await cells.kv.park(ACTIVE);
    cells.kv.remove(parked, 0, 150);
    cells.kv.remove(ACTIVE, 100, Number.POSITIVE_INFINITY);
    cells.kv.shift(parked, 150, 200, -50);
    expect(cells.kv.ledger.extentOf(parked)).toEqual({ min: 100, max: 149 });
    expect(cells.kv.disagreement([ACTIVE, parked])).toBeNull();
    cells.kv.drop(parked);
  });

  test("cells that two branches see are not shifted", async () => {
    await cells.clear();
    await cells.decode(text);
    const parked = await cells.kv.park(ACTIVE);
    expect(() => cells.kv.shift(parked, 150, 200, -50)).toThrow(/another branch/u);
    expect(cells.kv.disagreement([ACTIVE, parked])).toBeNull();
    cells.kv.drop(parked);
  });
});

describe("a prompt that was edited in the middle", () => {
  const [head, old, tail] = [tokens(120, 5), tokens(20, 6), tokens(200, 7)];

  test.each([
    ["replaced by longer text", tokens(30, 8)],
    ["replaced by text of the same length", tokens(20, 9)],
    ["replaced by shorter text", tokens(5, 10)],
    ["taken out", []],
  ])("computes only the new tokens when a region is %s", async (_, inserted) => {
    await cells.clear();
    await cells.decode([...head, ...old, ...tail]);
    const edited = [...head, ...inserted, ...tail];
    expect((await cells.becomes(edited, "splice")).computedTokens).toBe(inserted.length);
    expect(cells.kv.ledger.staleTokens(ACTIVE)).toBe(tail.length);
  });

  test("is exact again after an exact turn, which computes what was stale", async () => {
    const edited = [...head, ...tokens(30, 11), ...tail];
    await cells.clear();
    await cells.decode([...head, ...old, ...tail]);
    await cells.becomes(edited, "splice");
    const spliced = await cells.probabilities();
    expect((await cells.becomes(edited, "exact")).computedTokens).toBe(tail.length);
    expect(cells.kv.ledger.staleTokens(ACTIVE)).toBe(0);
    const noise = await expectExact(await cells.probabilities(), edited);
    expect(kl(await cells.fresh(edited), spliced)).toBeGreaterThan(NOISE_FACTOR * noise);
  });
});

test("any series of edits, in any mode, keeps ledger and engine in step", async () => {
  const edit = fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    remove: fc.integer({ min: 0, max: 80 }),
    insert: fc.integer({ min: 0, max: 60 }),
    seed: fc.integer({ min: 20, max: 90 }),
    reuse: fc.constantFrom<Reuse>("exact", "auto", "splice"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
      let text = tokens(300, 12);
      await cells.clear();
      await cells.decode(text);
      for (const { at, remove, insert, seed, reuse } of edits) {
        text = text.toSpliced(at, remove, ...tokens(insert, seed)).slice(0, 450);
        if (text.length === 0) text = tokens(1, seed);
        await cells.becomes(text, reuse);
        expect(cells.kv.ledger.usedTokens).toBe(text.length);
      }
      await cells.becomes(text, "exact");
      await expectExact(await cells.probabilities(), text);
    }),
    // The same scripts each time: how far rounding goes differs from text to text.
    { numRuns: 40, seed: 7 },
  );
});
