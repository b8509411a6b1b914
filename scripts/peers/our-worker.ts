import { BenchCells } from "../../cli/bench/kv/bench-cells.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import {
  OUR_TASK_VARIABLE,
  type OurMessage,
  type OurRequest,
  type OurTask,
} from "./our-messages.ts";

/**
 * The process that holds our engine, driven as the sidecar drives it. It is one of its own because
 * the size of the thread pool has to be set before a process starts, as for the sidecar.
 */
const task = JSON.parse(process.env[OUR_TASK_VARIABLE] ?? "null") as OurTask;
process.on("disconnect", () => process.exit());

try {
  const engine = await load();
  const cells = new BenchCells(engine);
  tell({ kind: "ready", facts: engine.facts, batchTokens: engine.cells.batchTokens });
  process.on("message", (request: OurRequest) => void answer(cells, request));
} catch (error) {
  fail(error);
}

async function load(): Promise<Engine> {
  const { modelPath: path, windowTokens, threads } = task;
  return await loadLlama(
    { path, windowTokens, gpuLayers: 0, ...(threads === null ? {} : { threads }) },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: () => undefined,
    },
  );
}

async function answer(cells: BenchCells, { prompt, reuse }: OurRequest): Promise<void> {
  try {
    const { elapsedMs, residency } = await cells.firstToken(prompt, reuse);
    const reading = {
      // With the last token of the prompt, whose logits every answer needs.
      prefilledTokens: residency.computedTokens + 1,
      engineMs: elapsedMs,
    };
    tell({ kind: "reading", reading });
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}

function tell(message: OurMessage): void {
  process.send?.(message);
}
