import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Engine, EngineOutcome } from "../../sidecar/engine/engine.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { loadEngine } from "../support/engine.ts";
import { EngineCells, kl, NOISE_FACTOR, tokens } from "../support/engine-cells.ts";

/**
 * Holes in the positions of what is resident, on the real engine: text is taken out and what stands
 * behind it stays. After every step ledger and engine are compared (`EngineCells`).
 */
let cells: EngineCells;
let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine("tiny", { config: { windowTokens: 512 } });
  cells = new EngineCells(engine, { slowShifts: true });
});
afterAll(async () => {
  await engine.dispose();
});

/** What rounding may make of the same cells in the same places. */
const SAME_KL = 1e-6;

const [head, old, tail] = [tokens(80, 1), tokens(40, 2), tokens(100, 3)];
const shorter = [...head, ...tail];
const hole = [
  { index: 0, position: 0 },
  { index: head.length, position: head.length + old.length },
];

beforeEach(async () => {
  await cells.clear();
  await cells.decode([...head, ...old, ...tail]);
});

async function generate(
  prompt: readonly number[],
  script: readonly number[],
): Promise<EngineOutcome> {
  const outcome = await engine.generate({
    prompt,
    script,
    tools: [],
    toolChoice: "auto",
    sampling: { temperature: 0 },
    maxTokens: script.length,
    stopSequences: [],
    signal: new AbortController().signal,
    onToken: () => undefined,
    onPart: () => undefined,
  });
  cells.kv.follow();
  cells.check();
  return outcome;
}

async function expectExactTurn(text: readonly number[]): Promise<void> {
  await cells.becomes(text, "exact");
  expect([cells.kv.exactTokens(), cells.kv.endPosition]).toEqual([text.length, text.length]);
  const found = await cells.compare(await cells.probabilities(), text);
  expect(found.kl).toBeLessThanOrEqual(NOISE_FACTOR * found.noise);
}

describe("text taken out of the middle", () => {
  test("leaves a hole, computes nothing and shifts nothing", async () => {
    const { computedTokens, plan } = await cells.becomes(shorter, "splice");
    expect([computedTokens, plan.splicedTokens]).toEqual([0, tail.length]);
    expect(cells.kv.ledger.hasPending).toBe(false);
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual(hole);
    expect(cells.kv.ledger.usedTokens).toBe(shorter.length);
  });

  test("leaves the state of the same cells without the middle, and what is decoded behind it", async () => {
    const more = tokens(20, 12);
    await cells.becomes([...shorter, ...more], "splice");
    const lifted = await cells.probabilities();
    await cells.clear();
    await cells.decode([...head, ...old, ...tail]);
    cells.kv.remove(ACTIVE, head.length, head.length + old.length);
    cells.check();
    await cells.decode(more);
    expect(kl(await cells.probabilities(), lifted)).toBeLessThan(SAME_KL);
  });
});

describe("generation behind a hole", () => {
  const question = tokens(9, 4);
  const script = tokens(12, 5);
  const prompt = [...shorter, ...question];

  test("decodes the last token of the prompt and the answer, and nothing again", async () => {
    await cells.becomes(prompt, "splice", { leave: 1 });
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual(hole);
    const before = engine.cells.evaluatedTokens();
    const { tokens: answer, stop } = await generate(prompt, script);
    expect([answer, stop]).toEqual([script, "maxTokens"]);
    // What is sampled last is not decoded.
    expect(engine.cells.evaluatedTokens() - before).toBe(script.length);
    expect(cells.kv.resident()).toEqual([...prompt, ...script.slice(0, -1)]);
    expect(cells.kv.endPosition).toBe(prompt.length + old.length + script.length - 1);
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual(hole);
  });

  test("is followed by a turn that computes only what is new", async () => {
    await cells.becomes(prompt, "splice", { leave: 1 });
    await generate(prompt, script);
    const next = [...prompt, ...script.slice(0, -1), ...tokens(7, 6)];
    expect((await cells.becomes(next, "splice")).computedTokens).toBe(7);
    await expectExactTurn(next);
  });

  test("refuses a prompt that is not what is resident", async () => {
    await cells.becomes(prompt, "splice", { leave: 1 });
    await expect(generate([...prompt.slice(1), 7], script)).rejects.toThrow("not resident");
    cells.check();
  });
});

describe("an edit of a text with a hole", () => {
  beforeEach(async () => {
    await cells.becomes(shorter, "splice");
  });

  test("that fits into the hole moves nothing", async () => {
    const longer = [...head, ...tokens(old.length, 7), ...tail];
    const { computedTokens } = await cells.becomes(longer, "splice");
    expect([computedTokens, cells.kv.ledger.hasPending]).toEqual([old.length, false]);
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual([{ index: 0, position: 0 }]);
    await expectExactTurn(longer);
  });

  test("that is longer than the hole shifts, and closes it", async () => {
    const longer = [...head, ...tokens(old.length + 10, 7), ...tail];
    const { computedTokens, plan } = await cells.becomes(longer, "splice");
    expect(computedTokens).toBe(old.length + 10);
    expect(plan.pieces.at(-1)).toMatchObject({ kind: "keep", delta: 10 });
    expect(cells.kv.endPosition).toBe(longer.length);
    await expectExactTurn(longer);
  });

  test("behind the hole keeps it, and one in front of it closes nothing", async () => {
    const behind = [...shorter.slice(0, -20), ...tokens(15, 8)];
    expect((await cells.becomes(behind, "splice")).computedTokens).toBe(15);
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual(hole);
    const front = [...tokens(5, 9), ...behind.slice(10)];
    expect((await cells.becomes(front, "splice")).computedTokens).toBe(5);
    await expectExactTurn(front);
  });

  test("is cut right in front of the hole by an exact turn", async () => {
    const { computedTokens } = await cells.becomes(shorter, "exact");
    expect(computedTokens).toBe(tail.length);
    await expectExactTurn(shorter);
  });

  test("is shared with another branch, and each goes on as if it were alone", async () => {
    const fork = await cells.kv.park(ACTIVE);
    await cells.decode(tokens(10, 10));
    await cells.kv.exchange(fork);
    cells.check();
    expect(cells.kv.ledger.stretchesOf(ACTIVE)).toEqual(hole);
    await cells.decode(tokens(10, 11));
    cells.check();
    cells.kv.drop(fork);
    await expectExactTurn([...shorter, ...tokens(10, 11)]);
  });
});
