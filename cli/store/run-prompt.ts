import type { Engine } from "../../sidecar/engine/engine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { KvState } from "../../sidecar/kv/kv-state.ts";
import { Refusal } from "../../sidecar/refusal.ts";
import { blockChain } from "../../sidecar/store/block-chain.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { restoreBlocks } from "../../sidecar/store/restore-blocks.ts";
import { saveBlocks } from "../../sidecar/store/save-blocks.ts";
import type { StoredCells } from "../../sidecar/store/stored-cells.ts";
import type { PromptResult, PromptTask } from "./messages.ts";

const NEVER = new AbortController().signal;

const UNSAVED = {
  full: "the store's budget or the disk has no room for all of the prompt",
  failed: "the disk did not take all of the prompt",
  unsettled: "not all of the prompt could be stored",
  moved: "not all of the prompt could be stored",
  aborted: "not all of the prompt was stored",
} as const;

/** Stores a prompt, extends a stored one, or looks one up. */
export async function runPrompt(
  task: PromptTask,
  note: (text: string) => void,
): Promise<PromptResult> {
  const engine = await load(task);
  try {
    const { cells, close } = await openCells(engine, task.place);
    try {
      return await run(engine, cells, task, note);
    } finally {
      await close();
    }
  } finally {
    await engine.dispose();
  }
}

async function run(
  engine: Engine,
  cells: StoredCells,
  task: PromptTask,
  note: (text: string) => void,
): Promise<PromptResult> {
  const before = task.hash === null ? null : await storedTokens(cells, task.hash);
  const tokens = promptTokens(engine, before, task.text);
  const startMs = performance.now();
  const chain = blockChain(cells.identity, tokens);
  const { hash } = chain.at(-1)!;
  if (task.kind === "lookup") {
    const found = await cells.store.call("lookup", cells.identity, Int32Array.from(tokens));
    const last = found.at(-1);
    const counts = { tokensStored: last?.to ?? 0, tokensRestored: 0, tokensComputed: 0 };
    const milliseconds = performance.now() - startMs;
    const storedHash = last?.hash ?? null;
    return { hash, storedHash, tokens: tokens.length, ...counts, milliseconds };
  }
  const restored = await restoreBlocks(cells, tokens, NEVER);
  for (const { hash: lost, damage } of restored.damaged) note(`block ${lost} was ${damage}`);
  if (restored.failure !== null) note(restored.failure);
  const tokensComputed = await prefill(cells.kv, tokens);
  const saved = await saveBlocks(cells, {
    partial: true,
    signal: NEVER,
    hold: async (job) => await job(),
  });
  if (saved.ended !== "complete") note(UNSAVED[saved.ended]);
  const last = chain.findLast(({ from, tokens: run }) => from + run.length <= saved.storedTokens);
  return {
    hash,
    storedHash: last?.hash ?? null,
    tokens: tokens.length,
    tokensStored: saved.storedTokens,
    tokensRestored: restored.restoredTokens,
    tokensComputed,
    milliseconds: performance.now() - startMs,
  };
}

async function load({ modelPath: path, windowTokens, threads }: PromptTask): Promise<Engine> {
  const config = {
    path,
    ...(windowTokens === null ? {} : { windowTokens }),
    ...(threads === null ? {} : { threads }),
  };
  return await loadLlama(config, {
    signal: NEVER,
    onProgress: () => undefined,
    beforeDecode: () => undefined,
  });
}

async function openCells(
  engine: Engine,
  place: PromptTask["place"],
): Promise<{ cells: StoredCells; close: () => Promise<void> }> {
  const { facts, cellFiles: files } = engine;
  if (files === undefined) {
    throw new Error("The state of this model cannot be stored in blocks.");
  }
  const opening = await BlockStore.open(place);
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const format = { ...files.format, cacheType: facts.cacheType };
  const identity = await store.call("identify", facts.path, format);
  const kv = new KvState(engine.cells, facts.cellsTokens);
  return { cells: { kv, files, store, identity }, close: () => store.close() };
}

async function storedTokens(
  { store, identity }: StoredCells,
  hash: string,
): Promise<readonly number[]> {
  const tokens = await store.call("tokensOf", hash);
  // The same tokens have another hash under another model.
  const own = tokens !== null && blockChain(identity, tokens).at(-1)?.hash === hash;
  if (!own) throw new Error(`Nothing is stored under ${hash} for this model.`);
  return tokens;
}

/** All ids of the prompt; those of a stored beginning stay as they are. */
function promptTokens(engine: Engine, before: readonly number[] | null, text: string): number[] {
  const { bosToken } = engine.chat;
  const beginning = before ?? (bosToken === null ? [] : [bosToken]);
  const tokens = [...beginning, ...engine.tokenizer.tokenize(text, { specials: false })];
  const { windowTokens } = engine.facts;
  if (tokens.length > windowTokens) {
    const message = `The prompt has ${tokens.length} tokens; the context has room for ${windowTokens}.`;
    throw new Refusal("promptTooLong", message, { promptTokens: tokens.length, windowTokens });
  }
  return tokens;
}

async function prefill(kv: KvState, tokens: readonly number[]): Promise<number> {
  const from = kv.resident().length;
  for (let at = from; at < tokens.length; at += kv.batchTokens) {
    await kv.decode(tokens.slice(at, at + kv.batchTokens));
  }
  return tokens.length - from;
}
