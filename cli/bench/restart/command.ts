import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { gigabytes, milliseconds } from "../../figures.ts";
import { benchCommand, benchModel, type BenchOptions } from "../bench-options.ts";
import type { Interrupts } from "../../interrupts.ts";
import { runWorker } from "../../worker/run-worker.ts";
import { klDivergence } from "../../../sidecar/kv/kl-divergence.ts";
import { median } from "../median.ts";
import { reportOf } from "../report.ts";
import {
  type LookupResult,
  RESTART_WORKER,
  type RestartTask,
  type RestoreResult,
  type SaveResult,
} from "./messages.ts";

const RESTART = { name: "restart", version: 1 };
const PROMPTS_TOKENS = [512, 2048, 4096, 8192];
const PROMPTS_TOKENS_QUICK = [512, 2048];
/** Fresh processes that restore each prompt. */
const RESTARTS = 5;
const RESTARTS_QUICK = 1;
/** Processes that look a long prompt up at once, as windows that share a store do. */
const WINDOWS = 3;
/** Room behind the longest prompt: for the token that is looked at, and what the library spares. */
const SPARE_TOKENS = 256;

type Row = {
  readonly model: string;
  readonly promptTokens: number;
  readonly coldMs: number;
  readonly restoreMs: number;
  readonly speedup: number;
  readonly lookupMs: number;
  readonly lookupWarmMs: number;
  readonly bytesOnDisk: number;
  readonly saveMs: number;
  /** Of saving, the time that the lane was held, in all and at most at once. */
  readonly heldMs: number;
  readonly heldMsMax: number;
  /** Saving as a share of the prefill that it saves once. */
  readonly saveShare: number;
  /** Of the next token, to the context that was saved. */
  readonly kl: number;
};

export function addRestartBench(bench: Command, interrupts: Interrupts): void {
  benchCommand(bench, {
    name: "restart",
    description: "What a restarted process saves by reading a prompt's cells from disk.",
    quick: "512 and 2,048 tokens, one restart each",
  }).action((options: BenchOptions) => measure(options, interrupts));
}

async function measure(options: BenchOptions, { signal }: Interrupts): Promise<void> {
  const { path: modelPath } = await benchModel(options);
  const folder = mkdtempSync(join(tmpdir(), "kvasir-bench-restart-"));
  const prompts = options.quick ? PROMPTS_TOKENS_QUICK : PROMPTS_TOKENS;
  const windowTokens = Math.max(...prompts) + SPARE_TOKENS;
  const step = { modelPath, threads: options.threads ?? null, windowTokens, folder };
  const run = async <Result>(task: RestartTask): Promise<Result> =>
    (
      await runWorker<never, Result>(task, {
        program: RESTART_WORKER,
        signal,
        onProgress: () => undefined,
      })
    ).done;
  try {
    const rows: Row[] = [];
    let facts: SaveResult["facts"] | null = null;
    for (const promptTokens of prompts) {
      const saved = await run<SaveResult>({ ...step, kind: "save", promptTokens });
      const restored: RestoreResult[] = [];
      while (restored.length < (options.quick ? RESTARTS_QUICK : RESTARTS)) {
        restored.push(await run<RestoreResult>({ ...step, kind: "restore", promptTokens }));
      }
      ({ facts } = saved);
      rows.push(rowOf(promptTokens, saved, restored));
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    }
    const alone = await run<LookupResult>({ ...step, kind: "lookup" });
    const together = await Promise.all(
      Array.from({ length: WINDOWS }, () => run<LookupResult>({ ...step, kind: "lookup" })),
    );
    const { promptTokens: lookupPromptTokens, lookupMs, stateLookupMs } = alone;
    const summary = {
      lookupPromptTokens,
      lookupMs,
      stateLookupMs,
      windows: WINDOWS,
      windowsLookupMs: Math.max(...together.map((one) => one.lookupMs)),
    };
    const report = reportOf(RESTART, facts!, { rows, summary });
    console.log(options.json ? JSON.stringify(report) : rows.map(lineOf).join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(
  promptTokens: number,
  { facts, coldMs, saveMs, heldMs, heldMsMax, bytesOnDisk, probabilities }: SaveResult,
  restored: readonly RestoreResult[],
): Row {
  const short = restored.find(({ restoredTokens }) => restoredTokens !== promptTokens);
  if (short !== undefined) {
    throw new Error(`Only ${short.restoredTokens} of ${promptTokens} tokens were restored.`);
  }
  const of = (figure: (result: RestoreResult) => number): number => median(restored.map(figure));
  const restoreMs = of((result) => result.restoreMs);
  const exact = new Map(probabilities);
  const divergences = restored.map((one) => klDivergence(exact, new Map(one.probabilities)));
  return {
    model: facts.name,
    promptTokens,
    coldMs,
    restoreMs,
    speedup: coldMs / restoreMs,
    lookupMs: of((result) => result.lookupMs),
    lookupWarmMs: of((result) => result.lookupWarmMs),
    bytesOnDisk,
    saveMs,
    heldMs,
    heldMsMax,
    saveShare: saveMs / coldMs,
    kl: Math.max(...divergences.map(Math.abs)),
  };
}

function lineOf(row: Row): string {
  return [
    `${row.promptTokens} tokens`.padEnd(12),
    `cold ${milliseconds(row.coldMs)}`.padStart(15),
    `restored ${milliseconds(row.restoreMs)}`.padStart(18),
    `${row.speedup.toFixed(0)}x`.padStart(6),
    `look-up ${milliseconds(row.lookupMs)}`.padStart(16),
    gigabytes(row.bytesOnDisk).padStart(10),
    `save ${milliseconds(row.saveMs)}`.padStart(14),
    `KL ${row.kl}`,
  ].join(" ");
}
