import type { Command } from "commander";
import { benchCommand, benchModel, type BenchOptions } from "./bench-options.ts";
import type { Interrupts } from "../interrupts.ts";
import { type Finished, runWorker } from "../worker/run-worker.ts";
import type { ForkRow, Measured, SpliceRow, WorkerTask } from "./kv/messages.ts";
import { type BenchReport, reportOf } from "./report.ts";

/** The benchmarks of cells: what an edit in the middle and a second conversation cost. */
export function addKvBenches(bench: Command, interrupts: Interrupts): void {
  benchCommand(bench, {
    name: "splice",
    description: "What an edit in the middle of a context costs, and how exact it is.",
    quick: "8,192 tokens, edited in the middle only",
  }).action(async (options: BenchOptions) => {
    const { rows, done } = await run<SpliceRow>("splice", options, interrupts);
    const summary = { noiseFloorKl: done.noiseFloorKl };
    print(
      options,
      reportOf({ name: "splice", version: 1 }, done.facts, { rows, summary }),
      spliceLine,
    );
  });
  benchCommand(bench, {
    name: "fork",
    description: "What it costs to fork a conversation and to change between two.",
    quick: "8,192 tokens only",
  }).action(async (options: BenchOptions) => {
    const { rows, done } = await run<ForkRow>("fork", options, interrupts);
    const report = reportOf({ name: "fork", version: 1 }, done.facts, { rows, summary: {} });
    print(options, report, forkLine);
  });
}

function print<Row>(
  options: BenchOptions,
  report: BenchReport<Row, object>,
  asLine: (row: Row) => string,
): void {
  console.log(options.json ? JSON.stringify(report) : report.rows.map(asLine).join("\n"));
}

async function run<Row extends SpliceRow | ForkRow>(
  bench: WorkerTask["bench"],
  options: BenchOptions,
  { signal }: Interrupts,
): Promise<Finished<Row, Measured>> {
  const { path } = await benchModel(options);
  const task: WorkerTask = {
    bench,
    modelPath: path,
    threads: options.threads ?? null,
    quick: options.quick === true,
  };
  return await runWorker<Row, Measured>(task, {
    program: "bench-worker.mjs",
    signal,
    onProgress: (message) => process.stderr.write(`${JSON.stringify(message)}\n`),
  });
}

function spliceLine(row: SpliceRow): string {
  return [
    `${row.contextTokens} in ${row.allocatedTokens}`.padEnd(15),
    row.edit.padEnd(13),
    `${row.depth * 100}%`.padStart(4),
    `prefilled ${row.prefilledTokens}`.padEnd(15),
    `${row.firstTokenMs.toFixed(1)} ms`.padStart(10),
    `prefix-only ${row.prefixOnlyMs.toFixed(0)} ms`.padStart(21),
    `${row.speedupOverPrefix.toFixed(1)}x`.padStart(7),
    `limit ${row.limitMs.toFixed(1)} ms`.padStart(15),
    `${row.ratioToLimit.toFixed(2)}x`.padStart(7),
    `KL ${row.klToExact.toExponential(1)}`.padStart(11),
  ].join(" ");
}

function forkLine({ contextTokens, forkMs, switchMs }: ForkRow): string {
  return `${contextTokens} tokens: fork ${forkMs.toFixed(3)} ms, switch ${switchMs.toFixed(3)} ms`;
}
