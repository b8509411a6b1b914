import type { Engine } from "../../sidecar/engine/engine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { KvState } from "../../sidecar/kv/kv-state.ts";
import { Refusal } from "../../sidecar/refusal.ts";
import { chainHash } from "../../sidecar/store/block-chain.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { type StoredCells, storedCellsOf } from "../../sidecar/store/stored-cells.ts";
import { storedPrefix } from "../../sidecar/store/stored-prefix.ts";
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
  const hash = chainHash(cells.identity, tokens);
  if (task.kind === "lookup") {
    const found = await storedPrefix(cells, tokens);
    const counts = { tokensStored: found?.tokens ?? 0, tokensRestored: 0, tokensComputed: 0 };
    const milliseconds = performance.now() - startMs;
    const storedHash = found?.hash ?? null;
    return { hash, storedHash, tokens: tokens.length, ...counts, milliseconds };
  }
  const restored = await restorePrefix(cells, tokens, NEVER);
  for (const { hash: lost, damage } of restored.damaged)
    note(`what is stored as ${lost} was ${damage}`);
  if (restored.failure !== null) note(restored.failure);
  const tokensComputed = await prefill(cells.kv, tokens);
  const saved = await saveResident(cells, {
    partial: true,
    signal: NEVER,
    hold: async (job) => await job(),
  });
  if (saved.ended !== "complete") note(UNSAVED[saved.ended]);
  const { storedTokens: tokensStored } = saved;
  return {
    hash,
    storedHash:
      tokensStored === 0 ? null : chainHash(cells.identity, tokens.slice(0, tokensStored)),
    tokens: tokens.length,
    tokensStored,
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
  const opening = await BlockStore.open(place);
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const kv = new KvState(engine.cells, engine.facts.cellsTokens);
  const cells = await storedCellsOf(engine, kv, store);
  if (cells !== null) return { cells, close: () => store.close() };
  await store.close();
  throw new Error("The state of this kind of model cannot be stored.");
}

async function storedTokens(
  { store, identity }: StoredCells,
  hash: string,
): Promise<readonly number[]> {
  const tokens = await store.call("tokensOf", hash);
  // The same tokens have another hash under another model.
  const own = tokens !== null && chainHash(identity, tokens) === hash;
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
