import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";
import { writeBlock } from "../../sidecar/store/write-block.ts";
import { Residence } from "../../sidecar/turn/residence.ts";
import { loadEngine } from "../support/engine.ts";
import { expectExact, fresh, probe, reference, tokens } from "../support/exactness.ts";

/**
 * Random operations on the real engine: edits in every mode, forks, switches, repairs, saves, and
 * cancels at any chunk. After each, ledger and engine agree and hold what was wanted; at the end of a
 * script every conversation, made exact, gives what a fresh prefill of its text gives.
 */
const SCRIPTS = 50;
const OPERATIONS = 20;
const WINDOW_TOKENS = 512;
const TEXT_TOKENS_MAX = 440;
const CONTEXTS = ["a", "b", "c"];
const LAYOUTS = 10;

type Operation = {
  readonly context: number;
  readonly reuse: Reuse;
  readonly cancelAfter: number | null;
  readonly act:
    | {
        readonly kind: "edit";
        readonly at: number;
        readonly remove: number;
        readonly insert: number;
        readonly seed: number;
      }
    | { readonly kind: "fork"; readonly from: number; readonly keep: number; readonly seed: number }
    | { readonly kind: "switch" }
    | { readonly kind: "fold" }
    | { readonly kind: "save"; readonly from: number; readonly length: number };
};

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

describe.each(["tiny", "tiny-gemma3"])("any script on %s", (model) => {
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

/** Three conversations on one engine. */
class World {
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #residence: Residence;
  readonly #texts: number[][] = CONTEXTS.map((_, at) => tokens(60 + at * 40, at + 1));

  constructor(engine: Engine, folder: string) {
    this.#engine = engine;
    this.#folder = folder;
    this.#residence = new Residence(engine);
  }

  async perform({ context, act, reuse, cancelAfter }: Operation): Promise<void> {
    if (act.kind === "fold") {
      if (this.#residence.kv.canMove) await this.#residence.fold(signalAfter(cancelAfter ?? 99));
      return this.#check();
    }
    if (act.kind === "save") {
      await this.#save(act.from, act.length);
      return this.#check();
    }
    if (act.kind === "edit") {
      const { at, remove, insert, seed } = act;
      this.#texts[context] = limited(
        this.#texts[context]!.toSpliced(at, remove, ...tokens(insert, seed + 10)),
      );
    }
    if (act.kind === "fork") {
      const { from, keep, seed } = act;
      this.#texts[context] = limited([
        ...this.#texts[from]!.slice(0, keep),
        ...tokens(30, seed + 200),
      ]);
    }
    await this.#occupy(context, reuse, signalAfter(cancelAfter ?? Number.POSITIVE_INFINITY));
  }

  /** Each text with the state that its conversation has in exact mode. */
  async exactStates(): Promise<[number[], ReadonlyMap<number, number>][]> {
    const states: [number[], ReadonlyMap<number, number>][] = [];
    for (const [context, text] of this.#texts.entries()) {
      await this.#occupy(context, "exact", signalAfter(Number.POSITIVE_INFINITY));
      const { kv } = this.#residence;
      // What stands behind a text that is resident stays there.
      await kv.trim(text.length);
      if (kv.resident().length < text.length) await decodeRest(this.#residence, text);
      states.push([text, await probe(this.#engine)]);
      kv.follow();
    }
    return states;
  }

  async clear(): Promise<void> {
    await this.#residence.clear();
    expect(this.#residence.kv.ledger.usedTokens).toBe(0);
  }

  async #occupy(context: number, reuse: Reuse, signal: AbortSignal): Promise<void> {
    const wanted = this.#texts[context]!;
    const contextId = CONTEXTS[context]!;
    const { complete } = await this.#residence.occupy({
      contextId,
      wanted,
      reuse,
      signal,
      leave: 0,
      healTokens: context * 4,
      room: { sureTokens: 1, mostTokens: 16 },
      checkpointsAt: [64, 160, 256, 352].filter((at) => at < wanted.length),
      sharing: undefined,
      onProgress: () => undefined,
    });
    this.#residence.leave(contextId);
    const resident = this.#residence.kv.resident().slice(0, wanted.length);
    expect(resident).toEqual(wanted.slice(0, resident.length));
    if (complete) expect(resident).toHaveLength(wanted.length);
    this.#check();
  }

  /** Saves cells of the conversation in place, if they are what may be saved. */
  async #save(from: number, length: number): Promise<void> {
    const { kv } = this.#residence;
    const files = this.#engine.cellFiles;
    const resident = [...kv.resident()];
    if (files === undefined || from >= resident.length) return;
    const block = resident.slice(0, from + length);
    const stale = kv.exactTokens() < block.length;
    const path = join(this.#folder, "block");
    const { kind } = await writeBlock({ kv, files }, path, block, from);
    if (stale) expect(kind).toBe("unsettled");
    expect(kv.resident()).toEqual(resident);
  }

  #check(): void {
    const { kv } = this.#residence;
    expect(kv.disagreement(kv.canMove ? [0] : [])).toBeNull();
    expect(kv.ledger.usedTokens).toBeLessThanOrEqual(kv.ledger.cellsTokens);
  }
}

async function decodeRest(residence: Residence, text: readonly number[]): Promise<void> {
  await residence.kv.decode(text.slice(residence.kv.resident().length));
}

function limited(text: readonly number[]): number[] {
  return text.length === 0 ? tokens(1, 1) : text.slice(0, TEXT_TOKENS_MAX);
}

/** Lets so many looks at it pass: one before each chunk. */
function signalAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    get aborted() {
      return left-- <= 0;
    },
  } as AbortSignal;
}
