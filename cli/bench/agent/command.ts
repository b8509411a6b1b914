import { join } from "node:path";
import type { Command } from "commander";
import { LoadModel, type ModelConfig } from "../../../protocol/model.ts";
import { chooseModel } from "../../choose-model.ts";
import type { Interrupts } from "../../interrupts.ts";
import { wholeNumber } from "../../numbers.ts";
import { SCRIPT_VARIABLE, SCRIPTED_SIDECAR, writeScript } from "../../scripted/script-file.ts";
import { withSidecar } from "../../with-sidecar.ts";
import { median } from "../median.ts";
import { type BenchReport, reportOf } from "../report.ts";
import { type Measured, measureSteps, type StepSample } from "./measure-steps.ts";
import { Repository } from "./repository.ts";
import { scriptOf } from "./script.ts";

const FILES = 5_000;
/** Holds the longest script; a larger one would only be allocated. */
const WINDOW_TOKENS = 8_192;
const FULL = { steps: 20, repetitions: 3 };
const QUICK = { steps: 8, repetitions: 1 };

type Options = {
  readonly model?: string;
  readonly threads?: number;
  readonly quick?: true;
  readonly json?: true;
};

type Summary = {
  readonly overheadMsP50: number;
  readonly overheadMsP95: number;
  /** What a message waits for what the model is told of the folder without asking. */
  readonly surroundingsMs: number;
  readonly files: number;
};

export function addAgentBench(bench: Command, interrupts: Interrupts): void {
  bench
    .command("agent")
    .description("Time of each step of an agent outside of the model, in a folder of 5,000 files.")
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--quick", "few steps on the smallest model, one run")
    .option("--json", "print the figures as JSON")
    .action((options: Options) => benchAgent(options, interrupts));
}

async function benchAgent(options: Options, { signal }: Interrupts): Promise<void> {
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: options.quick ? "tiny" : "bench",
  });
  const { threads } = options;
  const config = {
    path,
    windowTokens: WINDOW_TOKENS,
    ...(threads === undefined ? {} : { threads }),
  };
  const repository = new Repository(FILES);
  try {
    const size = options.quick ? QUICK : FULL;
    const report = await measure(config, repository, { ...size, signal });
    console.log(options.json ? JSON.stringify(report) : asText(report));
  } finally {
    repository.remove();
  }
}

async function measure(
  config: ModelConfig,
  repository: Repository,
  options: typeof FULL & { readonly signal: AbortSignal },
): Promise<BenchReport<StepSample, Summary>> {
  const { steps, repetitions, signal } = options;
  const { root } = repository;
  // Where Git keeps its own, because the agent's searches leave that out.
  const script = join(root, ".git");
  const environment = { [SCRIPT_VARIABLE]: script };
  return await withSidecar(
    config,
    async (sidecar) => {
      const facts = await sidecar.requestBare(LoadModel, signal);
      const runs: Measured[] = [];
      for (let repetition = 0; repetition < repetitions; repetition++) {
        process.stderr.write(`${repetition + 1} of ${repetitions}\n`);
        signal.throwIfAborted();
        writeScript(script, scriptOf(repository, steps, repetition));
        runs.push(await measureSteps(sidecar, { id: `agent-${repetition}`, root, signal }));
      }
      const rows = rowsOf(runs);
      return reportOf({ name: "agent", version: 1 }, facts, {
        rows,
        summary: summaryOf(rows, runs),
      });
    },
    { program: SCRIPTED_SIDECAR, environment },
  );
}

function rowsOf(runs: readonly Measured[]): StepSample[] {
  return (runs[0]?.steps ?? []).map(({ step, tool }, index) => ({
    step,
    tool,
    overheadMs: median(runs.map((run) => run.steps[index]!.overheadMs)),
    toolMs: median(runs.map((run) => run.steps[index]!.toolMs)),
    modelMs: median(runs.map((run) => run.steps[index]!.modelMs)),
  }));
}

function summaryOf(rows: readonly StepSample[], runs: readonly Measured[]): Summary {
  const sorted = rows.map(({ overheadMs }) => overheadMs).toSorted((a, b) => a - b);
  return {
    overheadMsP50: median(sorted),
    overheadMsP95: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
    surroundingsMs: median(runs.map(({ surroundingsMs }) => surroundingsMs)),
    files: FILES,
  };
}

function asText({ rows, summary }: BenchReport<StepSample, Summary>): string {
  const lines = rows.map(({ step, tool, overheadMs, toolMs, modelMs }) =>
    [
      `step ${step}`.padEnd(8),
      tool.padEnd(12),
      `${overheadMs.toFixed(1)} ms outside of the model`,
      `${toolMs.toFixed(1)} ms of it in the tool`,
      `${modelMs.toFixed(0)} ms in it`,
    ].join("  "),
  );
  const { overheadMsP50, overheadMsP95, surroundingsMs, files } = summary;
  const last = `median ${overheadMsP50.toFixed(1)} ms, 95th percentile ${overheadMsP95.toFixed(1)} ms, ${files} files`;
  const before = `a message waited ${surroundingsMs.toFixed(1)} ms for what the model is told of the folder`;
  return [...lines, last, before].join("\n");
}
