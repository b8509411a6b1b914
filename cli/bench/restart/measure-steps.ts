import { createHash } from "node:crypto";
import type { Engine } from "../../../sidecar/engine/engine.ts";
import { loadLlama } from "../../../sidecar/engine/llama/load.ts";
import { KvState } from "../../../sidecar/kv/kv-state.ts";
import { BlockStore } from "../../../sidecar/store/block-store.ts";
import { rehearse } from "../../../sidecar/store/rehearse.ts";
import { restorePrefix } from "../../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../../sidecar/store/save-resident.ts";
import type { Saved } from "../../../sidecar/store/saved.ts";
import { type StoredCells, storedCellsOf } from "../../../sidecar/store/stored-cells.ts";
import { storedPrefix } from "../../../sidecar/store/stored-prefix.ts";
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
  const saves: TimedSave[] = [];
  // Under other names first, because what is stored is not saved again.
  for (const name of ["1", "2", ""]) {
    const identity = name === "" ? cells.identity : identityOf(name);
    saves.push(await timedSave({ ...cells, identity }, tokens.length));
  }
  await close();
  const of = (figure: (save: TimedSave) => number): number => median(saves.map(figure));
  return {
    facts: engine.facts,
    coldMs: median(coldMs),
    saveMs: of(({ saveMs }) => saveMs),
    heldMs: of(({ heldMs }) => heldMs),
    heldMsMax: of(({ heldMsMax }) => heldMsMax),
    bytesOnDisk: of(({ savedBytes }) => savedBytes),
    probabilities,
  };
}

type TimedSave = Saved & { readonly saveMs: number };

async function timedSave(cells: StoredCells, length: number): Promise<TimedSave> {
  const startMs = performance.now();
  const hold = async <T>(job: () => Promise<T>): Promise<T> => await job();
  const saved = await saveResident(cells, { partial: true, signal: NEVER, hold });
  const saveMs = performance.now() - startMs;
  if (saved.storedTokens !== length) throw new Error(`The prompt was not saved: ${saved.ended}.`);
  return { ...saved, saveMs };
}

function identityOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

/** Restores a prompt in a process that has loaded the model and done nothing else. */
export async function measureRestore(task: Step): Promise<RestoreResult> {
  const { engine, cells, close } = await open(task);
  const tokens = promptOf(task);
  const { restoreMs, lookupMs, restoredTokens } = await restorePrefix(cells, tokens, NEVER);
  const disagreement = cells.kv.disagreement([0]);
  if (disagreement !== null) throw new Error(`Ledger and engine differ: ${disagreement}.`);
  const probabilities = await probabilitiesOf(engine);
  const lookupWarmMs: number[] = [];
  while (lookupWarmMs.length < REPETITIONS) {
    lookupWarmMs.push(await timed(() => storedPrefix(cells, tokens)));
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
  const opening = await BlockStore.open({
    folder,
    budgetBytes: Number.MAX_SAFE_INTEGER,
    freeFloorBytes: 0,
  });
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const kv = new KvState(engine.cells, engine.facts.cellsTokens);
  const cells = await storedCellsOf(engine, kv, store);
  if (cells === null) throw new Error("The state of this kind of model cannot be stored.");
  // The first decode of a process sets threads and buffers up, which belongs to loading, and so does
  // the rehearsal, as in the sidecar.
  await kv.decode([PROBE_TOKEN]);
  await kv.trim(0);
  await rehearse(cells);
  const close = async (): Promise<void> => {
    await store.close();
    await engine.dispose();
  };
  return { engine, cells, close };
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
