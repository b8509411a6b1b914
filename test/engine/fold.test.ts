import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { user } from "../../sidecar/history/segments.test-support.ts";
import { foldStale } from "../../sidecar/turn/fold.ts";
import { type TurnResult, Turns } from "../../sidecar/turn/turns.ts";
import { loadEngine } from "../support/engine.ts";
import { EngineCells, NOISE_FACTOR, tokens } from "../support/engine-cells.ts";

const { signal } = new AbortController();

describe("a fold of stale cells", () => {
  let cells: EngineCells;
  beforeAll(async () => {
    cells = new EngineCells(await loadEngine("tiny", { config: { windowTokens: 512 } }));
  });
  afterAll(async () => {
    await cells.engine.dispose();
  });

  const [head, tail] = [tokens(80, 1), tokens(200, 3)];
  const edited = [...head, ...tokens(30, 9), ...tail];

  async function splice(): Promise<void> {
    await cells.clear();
    await cells.decode([...head, ...tokens(50, 2), ...tail]);
    await cells.becomes(edited, "splice");
    expect(cells.kv.exactTokens()).toBeLessThan(120);
  }

  /** Lets so many chunks pass. */
  function chunks(count: number): AbortSignal {
    let left = count;
    return {
      get aborted() {
        return left-- <= 0;
      },
    } as AbortSignal;
  }

  test("gives the state of a fresh prefill", async () => {
    await splice();
    const stale = await cells.compare(await cells.probabilities(), edited);
    await splice();
    expect(await foldStale(cells.kv, { signal, chunkTokens: () => 64 })).toBe(tail.length);
    cells.check();
    expect(cells.kv.resident()).toEqual(edited);
    const folded = await cells.compare(await cells.probabilities(), edited);
    expect(folded.kl).toBeLessThanOrEqual(NOISE_FACTOR * folded.noise);
    expect(stale.kl).toBeGreaterThan(NOISE_FACTOR * stale.noise);
  });

  test("that is interrupted keeps every finished chunk, and the next one does the rest", async () => {
    await splice();
    const staleBefore = edited.length - cells.kv.exactTokens();
    expect(await foldStale(cells.kv, { signal: chunks(2), chunkTokens: () => 48 })).toBe(96);
    cells.check();
    expect(cells.kv.resident()).toEqual(edited);
    expect(edited.length - cells.kv.exactTokens()).toBe(staleBefore - 96);
    const rest = await foldStale(cells.kv, { signal, chunkTokens: () => 48 });
    expect(rest).toBe(staleBefore - 96);
    const folded = await cells.compare(await cells.probabilities(), edited);
    expect(folded.kl).toBeLessThanOrEqual(NOISE_FACTOR * folded.noise);
  });
});

test("a repaired conversation prefills its next message alone, and tells of its drift", async () => {
  const engine = await loadEngine("tiny");
  const turns = new Turns(engine);
  const answer = (note: string, reuse: "exact" | "splice"): Promise<TurnResult> =>
    turns.generate({
      contextId: "chat",
      window: {
        version: 1,
        segments: [user("note", note), user("file", "The colour is red. ".repeat(30))],
        tools: [],
      },
      sampling: { temperature: 0 },
      maxTokens: 1,
      receivedMs: performance.now(),
      onEvent: () => undefined,
      signal,
      reuse,
    });
  await answer("Red it is.", "exact");
  const { reading } = await answer("Blue it shall be, from now on.", "splice");
  expect(reading.usage.staleTokens).toBeGreaterThan(100);
  const { usage, drift } = await turns.fold(signal);
  expect(usage).toMatchObject({ staleTokens: 0, splicedTokens: 0 });
  expect(drift).toMatchObject({ statistics: { repairs: 1, klMean: drift!.latest.kl } });
  expect(drift!.latest.kl).toBeGreaterThan(0);
  const repaired = await answer("Blue it shall be, from now on.", "exact");
  expect(repaired.reading.usage).toMatchObject({ prefilledTokens: 1, staleTokens: 0 });
  await engine.dispose();
});
