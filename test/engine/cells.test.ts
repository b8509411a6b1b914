import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { KvState } from "../../sidecar/kv/kv-state.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { PrefillSpeed } from "../../sidecar/turn/chunk.ts";
import { makeResident } from "../../sidecar/turn/make-resident.ts";
import type { Reuse } from "../../protocol/generate.ts";
import { loadEngine } from "../support/engine.ts";

/**
 * The primitives on cells, each proved on the real engine: whatever is done, ledger and engine
 * agree, and what the ledger calls exact gives the probabilities of a fresh prefill.
 */
let engine: Engine;
let kv: KvState;

beforeAll(async () => {
  engine = await loadEngine("tiny", { config: { windowTokens: 512 } });
  kv = new KvState(engine.cells, engine.facts.cellsTokens);
});
afterAll(async () => {
  await engine.dispose();
});

function tokens(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => 300 + ((index * 37 + seed * 101) % 6000));
}

async function decode(ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await kv.decode(ids);
}

async function fresh(ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  await clear();
  await decode(ids);
  return await engine.probabilitiesAfter(7);
}

async function clear(): Promise<void> {
  await kv.trim(0);
  expect(kv.disagreement([ACTIVE])).toBeNull();
}

function kl(exact: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): number {
  return [...exact].reduce(
    (sum, [token, share]) =>
      share > 0 ? sum + share * Math.log(share / (other.get(token) ?? Number.MIN_VALUE)) : sum,
    0,
  );
}

async function becomes(ids: readonly number[], reuse: Reuse): Promise<number> {
  const residency = await makeResident(kv, ids, {
    reuse,
    leave: 0,
    healTokens: 0,
    speed: new PrefillSpeed(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(kv.disagreement([ACTIVE])).toBeNull();
  // A prompt that is resident already keeps what stands behind it.
  expect(kv.resident().slice(0, ids.length)).toEqual(ids);
  await kv.trim(ids.length);
  return residency.computedTokens;
}

/**
 * Rounding differs with the sizes of batches and with the order in which the cells of a text lie in
 * memory, more for some texts than for others. A state counts as that of a text when it is at most
 * four times as far from a fresh prefill as fresh prefills of that text in ten other layouts are.
 */
async function expectExact(
  state: ReadonlyMap<number, number>,
  text: readonly number[],
): Promise<number> {
  const reference = await fresh(text);
  let noise = 0;
  for (let layout = 1; layout <= 10; layout++) {
    await prefillFolded(text, Math.floor((text.length * layout) / 11));
    noise = Math.max(noise, kl(reference, await engine.probabilitiesAfter(7)));
  }
  expect(kl(reference, state)).toBeLessThanOrEqual(4 * noise);
  return noise;
}

/** A fresh prefill whose cells from `fold` on lie in front of the others. */
async function prefillFolded(text: readonly number[], fold: number): Promise<void> {
  await clear();
  await decode(tokens(text.length - fold, 1));
  const placeholder = await kv.park(ACTIVE);
  await kv.trim(0);
  await decode(text.slice(0, fold));
  kv.drop(placeholder);
  await decode(text.slice(fold));
}

describe("primitives", () => {
  const text = tokens(200, 1);

  test("a parked branch comes back as it was", async () => {
    await clear();
    await decode(text);
    const parked = await kv.park(ACTIVE);
    await kv.trim(0);
    await decode(tokens(50, 2));
    await kv.exchange(parked);
    kv.drop(parked);
    expect(kv.disagreement([ACTIVE, parked])).toBeNull();
    await expectExact(await engine.probabilitiesAfter(7), text);
  });

  test("two branches share a prefix and differ behind it, each as if it were alone", async () => {
    const [one, two] = [tokens(40, 3), tokens(40, 4)];
    await clear();
    await decode(text);
    await decode(one);
    const parked = await kv.park(ACTIVE);
    await kv.trim(text.length);
    await decode(two);
    const second = await engine.probabilitiesAfter(7);
    expect(kv.ledger.usedTokens).toBe(text.length + one.length + two.length);
    await kv.exchange(parked);
    kv.drop(parked);
    await expectExact(await engine.probabilitiesAfter(7), [...text, ...one]);
    await expectExact(second, [...text, ...two]);
  });

  test("a run is shifted to the position that a fresh prefill would give it", async () => {
    await clear();
    await decode(text);
    const parked = await kv.park(ACTIVE);
    kv.remove(parked, 0, 150);
    kv.remove(ACTIVE, 100, Number.POSITIVE_INFINITY);
    kv.shift(parked, 150, 200, -50);
    expect(kv.ledger.extentOf(parked)).toEqual({ min: 100, max: 149 });
    expect(kv.disagreement([ACTIVE, parked])).toBeNull();
    kv.drop(parked);
  });

  test("cells that two branches see are not shifted", async () => {
    await clear();
    await decode(text);
    const parked = await kv.park(ACTIVE);
    expect(() => kv.shift(parked, 150, 200, -50)).toThrow(/another branch/u);
    expect(kv.disagreement([ACTIVE, parked])).toBeNull();
    kv.drop(parked);
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
    await clear();
    await decode([...head, ...old, ...tail]);
    expect(await becomes([...head, ...inserted, ...tail], "splice")).toBe(inserted.length);
    expect(kv.ledger.staleTokens(ACTIVE)).toBe(tail.length);
  });

  test("is exact again after an exact turn, which computes what was stale", async () => {
    const edited = [...head, ...tokens(30, 11), ...tail];
    await clear();
    await decode([...head, ...old, ...tail]);
    await becomes(edited, "splice");
    const spliced = await engine.probabilitiesAfter(7);
    expect(await becomes(edited, "exact")).toBe(tail.length);
    expect(kv.ledger.staleTokens(ACTIVE)).toBe(0);
    const noise = await expectExact(await engine.probabilitiesAfter(7), edited);
    expect(kl(await fresh(edited), spliced)).toBeGreaterThan(4 * noise);
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
      await clear();
      await decode(text);
      for (const { at, remove, insert, seed, reuse } of edits) {
        text = text.toSpliced(at, remove, ...tokens(insert, seed)).slice(0, 450);
        if (text.length === 0) text = tokens(1, seed);
        await becomes(text, reuse);
        expect(kv.ledger.usedTokens).toBe(text.length);
      }
      await becomes(text, "exact");
      await expectExact(await engine.probabilitiesAfter(7), text);
    }),
    // The same scripts each time: how far rounding goes differs from text to text.
    { numRuns: 40, seed: 7 },
  );
});
