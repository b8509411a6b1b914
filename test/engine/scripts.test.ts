import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";
import { Residence } from "../../sidecar/turn/residence.ts";
import { loadEngine } from "../support/engine.ts";
import { expectExact, fresh, probe, reference, tokens } from "../support/exactness.ts";
import { CONTEXTS, type Operation, TEXT_TOKENS_MAX, World } from "../support/world.ts";

/**
 * Random operations on the real engine: edits in every mode, forks, switches, repairs, saves, and
 * cancels at any chunk. After each, ledger and engine agree and hold what was wanted; at the end of a
 * script every conversation, made exact, gives what a fresh prefill of its text gives.
 */
const SCRIPTS = 50;
const OPERATIONS = 20;
const WINDOW_TOKENS = 512;
const LAYOUTS = 10;
/** Sizes of batches that are computed in other ways than large ones. */
const BATCHES_TOKENS = [1, 7, 16, 33];

const number = (max: number): fc.Arbitrary<number> => fc.nat(max);
const operation: fc.Arbitrary<Operation> = fc.record({
  context: number(CONTEXTS.length - 1),
  reuse: fc.constantFrom<Reuse[]>("exact", "auto", "splice"),
  cancelAfter: fc.option(number(4), { freq: 4 }),
  act: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("edit" as const),
        at: number(TEXT_TOKENS_MAX),
        remove: number(90),
        insert: number(70),
        seed: number(90),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("fork" as const),
        from: number(CONTEXTS.length - 1),
        keep: number(TEXT_TOKENS_MAX),
        seed: number(90),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("switch" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("fold" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("save" as const),
        from: number(300),
        length: fc.integer({ min: 1, max: 128 }),
      }),
    },
  ),
});

describe.each(["tiny", "tiny-gemma3", "tiny-lfm2"])("any script on %s", (model) => {
  let engine: Engine;
  let folder: string;
  let noise = 0;
  let operations = 0;

  beforeAll(async () => {
    engine = await loadEngine(model, { config: { windowTokens: WINDOW_TOKENS } });
    folder = await mkdtemp(join(tmpdir(), "kvasir-scripts-"));
    // Measured first: how far fresh prefills in batches of other sizes are from each other.
    noise = (await reference(engine, tokens(400, 1))).noise;
  });
  afterAll(async () => {
    await engine.dispose();
    await rm(folder, { recursive: true });
  });

  test(
    `keeps ledger and engine in step, and every conversation exact (${SCRIPTS * OPERATIONS} operations)`,
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS }),
          async (script) => {
            const world = new World(engine, folder);
            for (const step of script) {
              await world.perform(step);
              operations++;
            }
            const states = await world.exactStates();
            await world.clear();
            for (const [text, state] of states) await compare(text, state);
            await engine.cells.trim(0);
          },
        ),
        // The same scripts each time: how far rounding goes differs from text to text.
        { numRuns: SCRIPTS, seed: 11, endOnFailure: true },
      );
      expect(operations).toBeGreaterThanOrEqual(1000);
    },
  );

  async function compare(
    text: readonly number[],
    state: ReadonlyMap<number, number>,
  ): Promise<void> {
    const exact = await fresh(engine, text);
    if (klDivergence(exact, state) <= 4 * noise) return;
    // Some texts are noisier than the one that was measured first.
    let own = (await reference(engine, text)).noise;
    // So are those that were computed in small pieces, as turns that were cut short leave them.
    for (const batchTokens of BATCHES_TOKENS) {
      own = Math.max(own, klDivergence(exact, await fresh(engine, text, batchTokens)));
    }
    for (let layout = 1; layout <= LAYOUTS && engine.cells.moves !== null; layout++) {
      const folded = await prefillFolded(text, Math.floor((text.length * layout) / (LAYOUTS + 1)));
      own = Math.max(own, klDivergence(exact, folded));
    }
    expectExact({ exact, noise: own }, state, `a text of ${text.length} tokens`);
  }

  /** A fresh prefill whose cells from `fold` on lie in front of the others in memory. */
  async function prefillFolded(
    text: readonly number[],
    fold: number,
  ): Promise<ReadonlyMap<number, number>> {
    await engine.cells.trim(0);
    const residence = new Residence(engine);
    const { kv } = residence;
    await kv.decode(tokens(text.length - fold, 1));
    const placeholder = await kv.park(0);
    await kv.trim(0);
    await kv.decode(text.slice(0, Math.max(1, fold)));
    kv.drop(placeholder);
    await kv.decode(text.slice(Math.max(1, fold)));
    const state = await probe(engine);
    await kv.trim(0);
    return state;
  }
});
