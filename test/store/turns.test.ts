import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Segment } from "../../protocol/segment.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";
import { BLOCK_TOKENS } from "../../sidecar/store/block-chain.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { ModelStore } from "../../sidecar/store/model-store.ts";
import { Turns } from "../../sidecar/turn/turns.ts";
import { system, user } from "../support/client.ts";
import { loadEngine } from "../support/engine.ts";
import { ROOMY, SAVE_ALL } from "../support/stored-cells.ts";

const NEVER = SAVE_ALL.signal;
/** Fewer are not worth a look at the store. */
const LOOKED_UP_MIN = 64;

let engine: Engine;
let folder: string;
let store: BlockStore;
let turns: Turns;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-turns-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function useModel(name: string): void {
  beforeAll(async () => {
    engine = await loadEngine(name);
  });
  afterAll(async () => {
    await engine.dispose();
  });
  beforeEach(start);
  afterEach(async () => {
    await turns.clear();
    await store.close();
  });
}

async function start(): Promise<void> {
  const opening = await BlockStore.open({ ...ROOMY, folder });
  if (opening.kind !== "open") throw new Error(opening.sentence);
  store = opening.store;
  turns = new Turns(engine);
  turns.keepIn(await ModelStore.open(engine, turns.kv, store, (sentence) => said.push(sentence)));
}

/** As after the process has ended and another one has come. */
async function restart(): Promise<void> {
  await turns.clear();
  await store.close();
  await start();
}

const rules = system(lines("rule", 20), "rules");
const file = user("file", lines("value", 60));

function lines(name: string, count: number): string {
  return Array.from({ length: count }, (_, line) => `const ${name}${line} = ${line};`).join("\n");
}

async function warm(contextId: string, segments: readonly Segment[]): Promise<Usage> {
  const window = { version: 1, segments: [...segments], tools: [] };
  const reading = await turns.warm({ contextId, window, signal: NEVER });
  return reading.usage;
}

async function readBack(contextId: string, segments: readonly Segment[]): Promise<Usage> {
  const window = { version: 1, segments: [...segments], tools: [] };
  const request = { contextId, window, signal: NEVER, storedOnly: true };
  return (await turns.warm(request)).usage;
}

async function saveIdle(): Promise<void> {
  await turns.save({ partial: false, signal: NEVER, hold: SAVE_ALL.hold });
}

async function saveLast(): Promise<void> {
  await turns.save({ partial: true, signal: NEVER, hold: SAVE_ALL.hold });
}

/** What the model expects next, which a fresh prefill of the same prompt must expect too. */
async function expected(): Promise<ReadonlyMap<number, number>> {
  return await engine.probabilitiesAfter(7);
}

function blockFiles(): string[] {
  const blocks = join(folder, "v1", "blocks");
  const [identity] = readdirSync(blocks);
  return readdirSync(join(blocks, identity!)).map((name) => join(blocks, identity!, name));
}

describe("a model whose cells are stored in blocks", () => {
  useModel("tiny");

  it("restores the whole prompt after a restart when it was saved to its end", async () => {
    const first = await warm("chat", [rules, file]);
    expect(first).toMatchObject({ restoredTokens: 0, prefilledTokens: first.promptTokens });
    const before = await expected();
    await saveLast();
    await restart();
    expect(await warm("chat", [rules, file])).toMatchObject({
      prefixTokens: 0,
      restoredTokens: first.promptTokens,
      prefilledTokens: 0,
    });
    expect(await expected()).toEqual(before);
  });

  it("restores whole blocks of what was saved while nobody waited, and computes the rest", async () => {
    const { promptTokens } = await warm("chat", [rules, file]);
    expect(turns.canSave).toBe(true);
    await saveIdle();
    expect(turns.canSave).toBe(false);
    await restart();
    const rest = promptTokens % BLOCK_TOKENS;
    expect(await warm("chat", [rules, file])).toMatchObject({
      restoredTokens: promptTokens - rest,
      prefilledTokens: rest,
    });
  });

  it("has nothing to save until another block is whole", async () => {
    await warm("chat", [rules, file]);
    await saveIdle();
    await warm("chat", [rules, file, user("q", "And?")]);
    expect(turns.canSave).toBe(false);
    await warm("chat", [rules, file, user("q", lines("more", 40))]);
    expect(turns.canSave).toBe(true);
  });

  it("saves conversations that wait as well", async () => {
    const other = [system(lines("other", 50), "other")];
    await warm("one", [rules, file]);
    const { promptTokens } = await warm("two", other);
    const one = await warm("one", [rules, file, user("q", "And?")]);
    expect(turns.kv.freeBranches).toBeLessThan(31);
    await saveLast();
    await restart();
    expect(await warm("two", other)).toMatchObject({ restoredTokens: promptTokens });
    const again = await warm("one", [rules, file, user("q", "And?")]);
    // Both begin with the same words of the template.
    expect(again.restoredTokens + again.forkedTokens).toBe(one.promptTokens);
  });

  it("has a new conversation begin with the stored front of others, to its last token", async () => {
    await warm("chat", [rules, file]);
    await saveIdle();
    expect((await store.call("stats")).pinnedBytes).toBeGreaterThan(0);
    await restart();
    const alone = await warm("next", [rules]);
    await restart();
    const { restoredTokens } = await warm("new", [rules, user("q", "Something else?")]);
    // All but what stands between the rules and the question.
    expect(restoredTokens).toBeGreaterThan(alone.promptTokens - 20);
    expect(restoredTokens % BLOCK_TOKENS).not.toBe(0);
  });

  it("restores what another prompt has in common with a saved one, beside what is resident", async () => {
    await warm("chat", [rules, file]);
    await saveLast();
    await restart();
    const resident = await warm("chat", [rules]);
    const usage = await warm("chat", [rules, file]);
    expect(usage.prefixTokens).toBeGreaterThan(resident.promptTokens - 20);
    expect(usage.prefilledTokens).toBe(0);
    expect(usage.prefixTokens + usage.restoredTokens).toBe(usage.promptTokens);
  });

  it("reads back what is stored without computing, beside a conversation in place", async () => {
    const { promptTokens } = await warm("chat", [rules, file]);
    await saveIdle();
    await restart();
    const other = [system(lines("other", 50), "other")];
    const { promptTokens: otherTokens } = await warm("other", other);
    const read = await readBack("chat", [rules, file]);
    expect(read).toMatchObject({ prefilledTokens: 0 });
    expect(read.restoredTokens + read.forkedTokens).toBe(promptTokens - (promptTokens % 256));
    expect(read.promptTokens).toBe(read.restoredTokens + read.forkedTokens);
    expect(await warm("other", other)).toMatchObject({ prefixTokens: otherTokens });
    const next = await warm("chat", [rules, file]);
    expect(next).toMatchObject({ restoredTokens: 0, prefilledTokens: promptTokens % 256 });
    expect(await readBack("unknown", [user("q", lines("new", 50))])).toMatchObject({
      restoredTokens: 0,
      prefilledTokens: 0,
    });
  });

  it("computes what is damaged, says so once, and answers as a fresh prefill does", async () => {
    const { promptTokens } = await warm("chat", [rules, file]);
    const before = await expected();
    await saveLast();
    await restart();
    for (const path of blockFiles()) writeFileSync(path, "damaged");
    expect(await warm("chat", [rules, file])).toMatchObject({
      restoredTokens: 0,
      prefilledTokens: promptTokens,
    });
    expect(await expected()).toEqual(before);
    expect(said).not.toEqual([]);
    const files = blockFiles().length;
    await turns.clear();
    await warm("chat", [rules, file]);
    expect(new Set(said).size).toBe(said.length);
    expect(blockFiles().length).toBeLessThan(files);
  });

  it("loses nothing that is resident to a damaged block", async () => {
    await warm("chat", [rules, file]);
    await saveLast();
    await restart();
    const front = await warm("chat", [rules]);
    for (const path of blockFiles()) writeFileSync(path, "damaged");
    const usage = await warm("chat", [rules, file]);
    expect(said).not.toEqual([]);
    expect(usage.prefixTokens).toBeGreaterThan(front.promptTokens - 20);
  });

  it("does not ask the store for what is computed as fast", async () => {
    const first = await warm("chat", [rules, file]);
    await store.close();
    const usage = await warm("chat", [rules, file, user("q", "And?")]);
    expect(usage.promptTokens - first.promptTokens).toBeLessThan(LOOKED_UP_MIN);
    expect(said).toEqual([]);
  });

  it("goes on without a store that has stopped, and says so", async () => {
    await store.close();
    const usage = await warm("chat", [rules, file]);
    expect(usage).toMatchObject({ restoredTokens: 0, prefilledTokens: usage.promptTokens });
    await saveIdle();
    expect(new Set(said)).toEqual(new Set(["The store cannot be used: it has been closed."]));
  });
});

describe.each(["tiny-gemma3", "tiny-mamba", "tiny-lfm2"])("%s, whose state is stored", (model) => {
  useModel(model);

  it("is not read back where that would cost another conversation its own", async () => {
    await warm("chat", [rules, file]);
    await saveLast();
    await restart();
    const other = [system(lines("other", 50), "other")];
    const { promptTokens } = await warm("other", other);
    expect(await readBack("chat", [rules, file])).toMatchObject({ restoredTokens: 0 });
    expect(await warm("other", other)).toMatchObject({ prefixTokens: promptTokens });
  });

  it("is saved again when there is more to lose, and to its end when it leaves memory", async () => {
    await warm("chat", [rules, file]);
    expect(turns.canSave).toBe(true);
    await saveIdle();
    expect(turns.canSave).toBe(false);
    const { promptTokens } = await warm("chat", [rules, file, user("q", "And?")]);
    const before = await expected();
    expect(turns.canSave).toBe(false);
    await saveLast();
    await restart();
    const usage = await warm("chat", [rules, file, user("q", "And?")]);
    expect(usage).toMatchObject({ restoredTokens: promptTokens, prefilledTokens: 0 });
    expect(klDivergence(before, await expected())).toBeLessThan(1e-6);
  });
});
