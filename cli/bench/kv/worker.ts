import { loadLlama } from "../../../sidecar/engine/llama/load.ts";
import type { Engine } from "../../../sidecar/engine/engine.ts";
import { EDIT_KINDS } from "./edits.ts";
import { measureFork } from "./measure-fork.ts";
import { FULL, QUICK, SpliceMeasurement } from "./measure-splice.ts";
import { TASK_VARIABLE, type WorkerMessage, type WorkerTask } from "./messages.ts";

/**
 * The process that holds the model while cells are measured: apart from the command line, because
 * the size of the thread pool has to be set before a process starts.
 */
const CONTEXTS = [2048, 4096, 8192];
/** Windows whose allocation is 16,384 and 32,768 cells. */
const WINDOW_TOKENS = 10_752;
const LARGE_WINDOW_TOKENS = 21_675;
/** Ids that every vocabulary has, and that are text in those of the generated models. */
const VOCABULARY = 8000;

const task = JSON.parse(process.env[TASK_VARIABLE] ?? "null") as WorkerTask;
try {
  await (task.bench === "splice" ? runSplice() : runFork());
  process.disconnect();
} catch (error) {
  tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  process.disconnect();
}

async function runSplice(): Promise<void> {
  let engine = await load(WINDOW_TOKENS);
  const measurement = new SpliceMeasurement(engine, VOCABULARY, task.quick ? QUICK : FULL);
  const noiseFloorKl = await measurement.noiseFloorKl();
  for (const contextTokens of task.quick ? [8192] : CONTEXTS) {
    const depths = task.quick ? [0.5] : undefined;
    for await (const row of measurement.rows(contextTokens, EDIT_KINDS, depths)) {
      tell({ kind: "row", row });
    }
  }
  if (!task.quick) {
    await engine.dispose();
    engine = await load(LARGE_WINDOW_TOKENS);
    const large = new SpliceMeasurement(engine, VOCABULARY, FULL);
    for await (const row of large.rows(8192, ["replace", "replace-same"], [0.5])) {
      tell({ kind: "row", row });
    }
  }
  tell({ kind: "done", facts: engine.facts, noiseFloorKl });
  await engine.dispose();
}

async function runFork(): Promise<void> {
  const engine = await load(WINDOW_TOKENS);
  for (const contextTokens of task.quick ? [8192] : CONTEXTS) {
    tell({ kind: "row", row: await measureFork(engine, VOCABULARY, contextTokens) });
  }
  tell({ kind: "done", facts: engine.facts, noiseFloorKl: null });
  await engine.dispose();
}

async function load(windowTokens: number): Promise<Engine> {
  const { modelPath: path, threads } = task;
  const engine = await loadLlama(
    { path, windowTokens, ...(threads === null ? {} : { threads }) },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: () => undefined,
    },
  );
  tell({ kind: "note", text: `${engine.facts.cellsTokens} cells allocated` });
  return engine;
}

function tell(message: WorkerMessage): void {
  process.send?.(message);
}
