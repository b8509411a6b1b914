import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../cli/models/catalogue.ts";
import { planModel } from "../../cli/models/model-file.ts";
import type { CellMoves, Engine, LoadEngine } from "../../sidecar/engine/engine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { withSelfCheck } from "../../sidecar/host/checked-engine.ts";
import { checkMoves } from "../../sidecar/kv/self-check.ts";
import { Turns } from "../../sidecar/turn/turns.ts";
import { user } from "../support/client.ts";
import { loadEngine } from "../support/engine.ts";

const signal = new AbortController().signal;
const loaded: Engine[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kvasir-check-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  await Promise.all(loaded.splice(0).map((engine) => engine.dispose()));
});

async function load(model: string, config = {}): Promise<Engine> {
  const engine = await loadEngine(model, { config: { windowTokens: 512, ...config } });
  loaded.push(engine);
  return engine;
}

describe("the check of an engine whose cells move", () => {
  test.each([
    ["tiny", "f16"],
    ["tiny-qwen2", "f16"],
    ["tiny-qwen2vl", "f16"],
    ["tiny-deepseek2", "f16"],
    ["tiny-deepseek2", "q4_0"],
    ["bench", "q8_0"],
    ["bench", "q4_0"],
  ])("passes for %s with a cache of %s", async (model, cacheType) => {
    const engine = await load(model, { cacheType });
    expect(await checkMoves(engine, signal)).toEqual({ kind: "passed" });
  });

  test("passes where a sliding window is as long as the text may become", async () => {
    const { parameters, ...recipe } = catalogue["tiny-gemma3"];
    const slidingWindowLength = parameters.trainedContextLength;
    const whole = planModel("whole-window", {
      ...recipe,
      parameters: { ...parameters, slidingWindowLength },
    });
    const path = join(folder, whole.fileName);
    whole.write(path);
    const engine = await loadLlama(
      { path, windowTokens: 512, gpuLayers: 0, threads: 1 },
      { signal, onProgress: () => undefined, beforeDecode: () => undefined },
    );
    loaded.push(engine);
    expect(engine.facts.cellReuse.kind).toBe("everything");
    expect(await checkMoves(engine, signal)).toEqual({ kind: "passed" });
  });

  test("computes few tokens and leaves the cells empty", async () => {
    const { cells, ...engine } = parts(await load("tiny"));
    await checkMoves({ ...engine, cells }, signal);
    expect(cells.evaluatedTokens()).toBeLessThan(40);
    expect(cells.resident()).toEqual([]);
    for (const branch of [0, 1]) {
      expect(cells.moves!.extentOf(branch)).toEqual({ min: -1, max: -1 });
    }
  });

  test.each([
    ["the same", new Map([[1, 1]])],
    ["no number", new Map([[1, Number.NaN]])],
  ])("does not pass an engine that expects %s whatever it has read", async (_, expected) => {
    const engine = parts(await load("tiny"));
    const probabilitiesAfter = (): ReturnType<Engine["probabilitiesAfter"]> =>
      Promise.resolve(expected);
    expect(await checkMoves({ ...engine, probabilitiesAfter }, signal)).toEqual({
      kind: "unclear",
    });
  });

  test("ends when nobody wants the model any more", async () => {
    const engine = await load("tiny");
    const cancelled = AbortSignal.abort(new Error("not wanted"));
    await expect(checkMoves(engine, cancelled)).rejects.toThrow("not wanted");
    expect(engine.cells.resident()).toEqual([]);
  });
});

/** Ways in which a library could break its promises, each put in front of the real engine. */
const BROKEN: readonly (readonly [string, string, (moves: CellMoves) => Partial<CellMoves>])[] = [
  ["a shift that does nothing", "prefix", () => ({ shift: () => undefined })],
  [
    "a shift that exchanges what it moves",
    "sameLength",
    (moves) => ({
      shift: (branch, from, to) => moves.shift(branch, (from + to) / 2, to, -(from + to) / 2),
    }),
  ],
  ["a copy that does nothing", "prefix", () => ({ copy: () => Promise.resolve() })],
  [
    "a copy that loses a cell",
    "prefix",
    (moves) => ({
      copy: async (source, target) => {
        await moves.copy(source, target);
        const { max } = moves.extentOf(source);
        moves.remove(target, max - 4, max - 3);
      },
    }),
  ],
  [
    "a removal that takes too much",
    "prefix",
    (moves) => ({ remove: (branch, from, to) => moves.remove(branch, from, to + 2) }),
  ],
];

describe("an engine that is loaded with the check", () => {
  test("keeps everything when its cells move as promised", async () => {
    const engine = await load("tiny");
    expect(await checked(engine)).toBe(engine);
  });

  test.each(BROKEN)("with %s falls back to %s", async (_, kind, breaking) => {
    const { cells, ...engine } = parts(await load("tiny"));
    const broken = { ...cells, moves: { ...cells.moves!, ...breaking(cells.moves!) } };
    const { facts, cells: left } = await checked({ ...engine, cells: broken });
    expect(facts.cellReuse.kind).toBe(kind);
    expect(facts.cellReuse.reason).toMatch(/^a check at loading/u);
    expect(left.moves?.canShift ?? null).toBe(kind === "sameLength" ? false : null);
    // What is left works, from the start.
    expect(left.resident()).toEqual([]);
    await left.decode([1, 2, 3, 4]);
    expect(await left.trim(2)).toBe(2);
    expect(left.resident()).toEqual([1, 2]);
  });

  test("answers one conversation after the other where cells may not be moved", async () => {
    const { cells, ...engine } = parts(await load("tiny"));
    const moves = { ...cells.moves!, copy: () => Promise.resolve() };
    const left = await checked({ ...engine, cells: { ...cells, moves } });
    expect(left.facts.cellReuse.kind).toBe("prefix");
    const turns = new Turns(left);
    const texts = ["Name a colour.", "Name a colour.", "Count."];
    const prefilled: number[] = [];
    for (const [turn, text] of texts.entries()) {
      const { reading } = await turns.generate({
        contextId: turn < 2 ? "one" : "two",
        window: { version: 1, segments: [user("q", text)], tools: [] },
        sampling: { temperature: 0 },
        receivedMs: 0,
        onEvent: () => undefined,
        maxTokens: 4,
        signal,
      });
      const { generatedTokens, prefilledTokens } = reading.usage;
      expect(generatedTokens).toBe(4);
      prefilled.push(prefilledTokens);
    }
    expect(prefilled[1]).toBe(1);
  });

  test("is checked once, however often it comes back", async () => {
    const engine = await load("tiny");
    const again = withSelfCheck(() => Promise.resolve(engine));
    await run(again);
    const after = engine.cells.evaluatedTokens();
    expect(after).toBeGreaterThan(0);
    await run(again);
    expect(engine.cells.evaluatedTokens()).toBe(after);
  });

  test("keeps everything when the same model is loaded again", async () => {
    const engine = parts(await load("tiny"));
    const again = withSelfCheck(() =>
      Promise.resolve({ ...engine, facts: structuredClone(engine.facts) }),
    );
    await run(again);
    const { cells, facts } = await run(again);
    expect(facts.cellReuse.kind).toBe("everything");
    expect(cells.moves?.canShift).toBe(true);
  });

  test("is not checked where its cells do not move", async () => {
    const engine = await load("tiny-mamba");
    expect(await checked(engine)).toBe(engine);
    expect(engine.cells.evaluatedTokens()).toBe(0);
  });
});

async function checked(engine: Engine): Promise<Engine> {
  return await run(withSelfCheck(() => Promise.resolve(engine)));
}

async function run(load: LoadEngine): Promise<Engine> {
  return await load(
    { path: "tiny" },
    { signal, onProgress: () => undefined, beforeDecode: () => undefined },
  );
}

/** The same engine as plain objects, so that single functions can be replaced. */
function parts(engine: Engine): Engine {
  const { cells } = engine;
  const moves = cells.moves!;
  return {
    facts: engine.facts,
    chat: engine.chat,
    tokenizer: engine.tokenizer,
    cells: {
      batchTokens: cells.batchTokens,
      evaluatedTokens: () => cells.evaluatedTokens(),
      resident: () => cells.resident(),
      trim: (length) => cells.trim(length),
      decode: (tokens) => cells.decode(tokens),
      moves: {
        canShift: moves.canShift,
        copy: (source, target) => moves.copy(source, target),
        remove: (branch, from, to) => moves.remove(branch, from, to),
        drop: (branch) => moves.drop(branch),
        shift: (branch, from, to, delta) => moves.shift(branch, from, to, delta),
        extentOf: (branch) => moves.extentOf(branch),
        settle: (tokens, positions) => moves.settle(tokens, positions),
      },
      checkpoint: cells.checkpoint,
      checkpointLengths: () => cells.checkpointLengths(),
    },
    openSeat: () => engine.openSeat(),
    generate: (request) => engine.generate(request),
    probabilitiesAfter: (token) => engine.probabilitiesAfter(token),
    dispose: () => engine.dispose(),
  };
}
