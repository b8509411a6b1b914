import { loadLlama } from "../../../sidecar/engine/llama/load.ts";
import type { Engine } from "../../../sidecar/engine/engine.ts";
import { serveTask, type Tell } from "../../worker/serve-task.ts";
import { EDIT_KINDS } from "./edits.ts";
import { measureFork } from "./measure-fork.ts";
import { FULL, QUICK, SpliceMeasurement } from "./measure-splice.ts";
import type { ForkRow, Measured, SpliceRow, WorkerTask } from "./messages.ts";

/** The process that holds the model while cells are measured. */
const CONTEXTS = [2048, 4096, 8192];
/** Windows whose allocation is 16,384 and 32,768 cells. */
const WINDOW_TOKENS = 10_752;
const LARGE_WINDOW_TOKENS = 21_675;
/** Ids that every vocabulary has, and that are text in those of the generated models. */
const VOCABULARY = 8000;

serveTask<WorkerTask, SpliceRow | ForkRow, Measured>((task, tell) =>
  task.bench === "splice" ? runSplice(task, tell) : runFork(task, tell),
);

async function runSplice(task: WorkerTask, tell: Tell<SpliceRow>): Promise<Measured> {
  let engine = await load(task, tell, WINDOW_TOKENS);
  const measurement = new SpliceMeasurement(engine, VOCABULARY, task.quick ? QUICK : FULL);
  const noiseFloorKl = await measurement.noiseFloorKl();
  for (const contextTokens of task.quick ? [8192] : CONTEXTS) {
    const depths = task.quick ? [0.5] : undefined;
    for await (const row of measurement.rows(contextTokens, EDIT_KINDS, depths)) tell.row(row);
  }
  if (!task.quick) {
    await engine.dispose();
    engine = await load(task, tell, LARGE_WINDOW_TOKENS);
    const large = new SpliceMeasurement(engine, VOCABULARY, FULL);
    for await (const row of large.rows(8192, ["replace", "replace-same"], [0.5])) tell.row(row);
  }
  const { facts } = engine;
  await engine.dispose();
  return { facts, noiseFloorKl };
}

async function runFork(task: WorkerTask, tell: Tell<ForkRow>): Promise<Measured> {
  const engine = await load(task, tell, WINDOW_TOKENS);
  for (const contextTokens of task.quick ? [8192] : CONTEXTS) {
    tell.row(await measureFork(engine, VOCABULARY, contextTokens));
  }
  const { facts } = engine;
  await engine.dispose();
  return { facts, noiseFloorKl: null };
}

async function load(
  { modelPath: path, threads }: WorkerTask,
  tell: Tell<never>,
  windowTokens: number,
): Promise<Engine> {
  const engine = await loadLlama(
    { path, windowTokens, ...(threads === null ? {} : { threads }) },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: () => undefined,
    },
  );
  tell.note(`${engine.facts.cellsTokens} cells allocated`);
  return engine;
}
