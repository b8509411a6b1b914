import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cells, Engine } from "../../sidecar/engine/engine.ts";
import { ask, generate, loadEngine } from "../support/engine.ts";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";
import { decodeAll, expectExact, fresh, probe, reference, tokens } from "../support/exactness.ts";

/**
 * Each family of models on the real engine. A primitive that a family does not allow would end the
 * process, so that a test passes at all is half of what it says.
 */
let engine: Engine;
let cells: Cells;

/** Loads a model for the tests of a group. */
function use(model: string): void {
  beforeAll(async () => {
    engine = await loadEngine(model);
    cells = engine.cells;
  });
  afterAll(async () => {
    await engine.dispose();
  });
}

const FAMILIES = [
  ["tiny", "everything", true],
  ["tiny-qwen2", "everything", true],
  ["tiny-deepseek2", "everything", true],
  ["tiny-qwen2vl", "sameLength", false],
  ["tiny-gemma3", "checkpoints", null],
  ["tiny-mamba", "checkpoints", null],
  ["tiny-lfm2", "checkpoints", null],
] as const;

describe.each(FAMILIES)("%s", (model, kind, canShift) => {
  use(model);

  test(`allows what its facts say: ${kind}`, () => {
    expect(engine.facts.cellReuse.kind).toBe(kind);
    expect(cells.moves?.canShift ?? null).toBe(canShift);
    expect(cells.checkpoint === null).toBe(canShift !== null);
  });

  test("gives what a fresh prefill gives, wherever it is cut", async () => {
    const text = tokens(900, 1);
    const kept = [300, 600];
    const exact = await reference(engine, text);
    for (const cut of [899, 860, 601, 600, 599, 450, 40, 1, 0]) {
      await cells.trim(0);
      for (const [at, length] of [...kept, text.length].entries()) {
        await decodeAll(engine, text.slice(at === 0 ? 0 : kept[at - 1], length));
        if (length < text.length) await cells.checkpoint?.();
      }
      const left = await cells.trim(cut);
      const allowed = canShift === null ? [cut, 0, ...kept] : [cut];
      expect(allowed, `cut to ${cut}`).toContain(left);
      expect(left).toBeLessThanOrEqual(cut);
      expect(cells.resident()).toEqual(text.slice(0, left));
      await decodeAll(engine, text.slice(left));
      expectExact(exact, await probe(engine), `cut to ${cut}`);
      // Asking for probabilities leaves everything as it was.
      expect(cells.resident()).toEqual(text);
      expectExact(exact, await probe(engine), `cut to ${cut}, asked twice`);
    }
  });

  test("answers, and answers the same again", async () => {
    const first = await generate(engine, ask("Say something."), { maxTokens: 24 });
    expect(first.tokens.length).toBeGreaterThan(0);
    expect(first.evaluatedTokens).toBe(first.tokens.length);
    const again = await generate(engine, ask("Say something."), { maxTokens: 24 });
    expect(again.tokens).toEqual(first.tokens);
  });

  test("calls a tool", async () => {
    const says = '<tool_call>\n{"name": "list", "arguments": {}}\n</tool_call>';
    const tools = [{ name: "list", description: "Lists.", parameters: { type: "object" } }];
    const { calls } = await generate(engine, ask("List."), { says, tools });
    expect(calls.map(({ name }) => name)).toEqual(["list"]);
  });
});

describe.each(["tiny-gemma3", "tiny-mamba", "tiny-lfm2"])("a kept state of %s", (model) => {
  use(model);

  test("is what a fresh prefill gives, with other text behind it", async () => {
    const [kept, left, next] = [tokens(700, 2), tokens(900, 3), tokens(50, 4)];
    const exact = await reference(engine, [...kept, ...next]);
    await cells.trim(0);
    await decodeAll(engine, kept);
    await cells.checkpoint!();
    await decodeAll(engine, left);
    expect(await cells.trim(kept.length)).toBe(kept.length);
    const before = cells.evaluatedTokens();
    await decodeAll(engine, next);
    expect(cells.evaluatedTokens() - before).toBe(next.length);
    expectExact(exact, await probe(engine));
  });
});

describe.each(["tiny-mamba", "tiny-lfm2"])("kept states of %s", (model) => {
  use(model);

  test("are forgotten when the text is cut before them", async () => {
    const [old, next] = [tokens(700, 5), tokens(900, 6)];
    await cells.trim(0);
    await decodeAll(engine, old.slice(0, 20));
    await cells.checkpoint!();
    await decodeAll(engine, old.slice(20));
    await cells.checkpoint!();
    expect(await cells.trim(30)).toBe(20);
    await decodeAll(engine, next);
    // The state at 700 was that of another text.
    expect(await cells.trim(710)).toBe(20);
  });

  test("are the newest thirty-two", async () => {
    const text = tokens(800, 7);
    await cells.trim(0);
    for (let at = 0; at < text.length; at += 20) {
      await decodeAll(engine, text.slice(at, at + 20));
      await cells.checkpoint!();
    }
    // Of forty states, the first is now the one at 180.
    expect(await cells.trim(199)).toBe(180);
    expect(await cells.trim(179)).toBe(0);
  });
});

describe("a sliding window", () => {
  use("tiny-gemma3");

  /** Right states differed by 0.00002 at most, and the least wrong one, by one cell, by 0.004. */
  const NATS_MAX = 2e-4;

  test("is never used where a part of it is gone", async () => {
    const text = tokens(1_000, 8);
    const outcomes = new Set<string>();
    for (let cut = 40; cut < text.length; cut += 60) {
      await cells.trim(0);
      await decodeAll(engine, text);
      const left = await cells.trim(cut);
      outcomes.add(left === cut ? "cut" : "emptied");
      if (left === 0) continue;
      expect(left).toBe(cut);
      const state = await probe(engine);
      const exact = await fresh(engine, text.slice(0, cut));
      expect(klDivergence(exact, state), `cut to ${cut}`).toBeLessThan(NATS_MAX);
    }
    // The window is 64 long and the cache holds some more, so both must have happened.
    expect([...outcomes].toSorted()).toEqual(["cut", "emptied"]);
  });
});

describe("cells that move", () => {
  use("tiny");

  test("are not decoded on when the front of the text has left the cache", async () => {
    await cells.trim(0);
    await cells.decode(tokens(20, 10));
    cells.moves!.remove(0, 0, 5);
    await expect(cells.decode([1])).rejects.toThrow("before position 5 have left");
  });
});
