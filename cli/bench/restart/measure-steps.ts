import type { Engine } from "../../../sidecar/engine/engine.ts";
import { loadLlama } from "../../../sidecar/engine/llama/load.ts";
import { KvState } from "../../../sidecar/kv/kv-state.ts";
import { BlockStore } from "../../../sidecar/store/block-store.ts";
import { restoreBlocks } from "../../../sidecar/store/restore-blocks.ts";
import { saveBlocks } from "../../../sidecar/store/save-blocks.ts";
import type { StoredCells } from "../../../sidecar/store/stored-cells.ts";
import { RandomText } from "../kv/random-text.ts";
import { median } from "../median.ts";
import type { Probabilities, RestartTask, RestoreResult, SaveResult } from "./messages.ts";

/** Ids that are text in the generated models. */
const VOCABULARY = 8000;
const PROBE_TOKEN = 7;
/** A prefill is measured again as long as that takes no longer than this. */
const COLD_MS_REPEATED = 5_000;
const REPETITIONS = 5;
const NEVER = new AbortController().signal;

type Step = Extract<RestartTask, { promptTokens: number }>;

/** Prefills a prompt and saves it. */
export async function measureSave(task: Step): Promise<SaveResult> {
  const { engine, cells, close } = await open(task);
  const tokens = promptOf(task);
  const coldMs: number[] = [];
  const beginMs = performance.now();
  while (coldMs.length < REPETITIONS) {
    await cells.kv.trim(0);
    coldMs.push(await timed(() => prefill(cells.kv, tokens)));
    if (performance.now() - beginMs > COLD_MS_REPEATED) break;
  }
  const probabilities = await probabilitiesOf(engine);
  const startMs = performance.now();
  const hold = async <T>(job: () => Promise<T>): Promise<T> => await job();
  const saved = await saveBlocks(cells, { partial: true, signal: NEVER, hold });
  const saveMs = performance.now() - startMs;
  const { heldMs, heldMsMax, savedBytes: bytesOnDisk, storedTokens, ended } = saved;
  if (storedTokens !== tokens.length) throw new Error(`The prompt was not saved: ${ended}.`);
  await close();
  const { facts } = engine;
  return { facts, coldMs: median(coldMs), saveMs, heldMs, heldMsMax, bytesOnDisk, probabilities };
}

/** Restores a prompt in a process that has loaded the model and done nothing else. */
export async function measureRestore(task: Step): Promise<RestoreResult> {
  const { engine, cells, close } = await open(task);
  const tokens = promptOf(task);
  const { restoreMs, lookupMs, restoredTokens } = await restoreBlocks(cells, tokens, NEVER);
  const disagreement = cells.kv.disagreement([0]);
  if (disagreement !== null) throw new Error(`Ledger and engine differ: ${disagreement}.`);
  const probabilities = await probabilitiesOf(engine);
  const lookupWarmMs: number[] = [];
  while (lookupWarmMs.length < REPETITIONS) {
    const ids = Int32Array.from(tokens);
    lookupWarmMs.push(await timed(() => cells.store.call("lookup", cells.identity, ids)));
  }
  await close();
  const warm = median(lookupWarmMs);
  return { restoreMs, lookupMs, lookupWarmMs: warm, restoredTokens, probabilities };
}

async function open(
  task: Step,
): Promise<{ engine: Engine; cells: StoredCells; close: () => Promise<void> }> {
  const { modelPath: path, windowTokens, threads, folder } = task;
  const engine = await loadLlama(
    { path, windowTokens, ...(threads === null ? {} : { threads }) },
    { signal: NEVER, onProgress: () => undefined, beforeDecode: () => undefined },
  );
  const { facts, cellFiles: files } = engine;
  if (files === undefined) throw new Error("The state of this model cannot be stored in blocks.");
  const opening = await BlockStore.open({
    folder,
    budgetBytes: Number.MAX_SAFE_INTEGER,
    freeFloorBytes: 0,
  });
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const format = { ...files.format, cacheType: facts.cacheType };
  const identity = await store.call("identify", facts.path, format);
  const kv = new KvState(engine.cells, facts.cellsTokens);
  // The first decode of a process sets threads and buffers up, which belongs to loading.
  await kv.decode([PROBE_TOKEN]);
  await kv.trim(0);
  const close = async (): Promise<void> => {
    await store.close();
    await engine.dispose();
  };
  return { engine, cells: { kv, files, store, identity }, close };
}

function promptOf({ promptTokens }: Step): number[] {
  return new RandomText(promptTokens, VOCABULARY).take(promptTokens);
}

async function prefill(kv: KvState, tokens: readonly number[]): Promise<void> {
  for (let at = 0; at < tokens.length; at += kv.batchTokens) {
    await kv.decode(tokens.slice(at, at + kv.batchTokens));
  }
}

async function probabilitiesOf(engine: Engine): Promise<Probabilities> {
  return [...(await engine.probabilitiesAfter(PROBE_TOKEN))];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
