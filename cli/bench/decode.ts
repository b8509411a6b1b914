import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { LoadModel, type ModelFacts } from "../../protocol/model.ts";
import { chooseModel } from "../choose-model.ts";
import { percent } from "../figures.ts";
import type { Interrupts } from "../interrupts.ts";
import { wholeNumber } from "../numbers.ts";
import type { SidecarProcess } from "../sidecar-process.ts";
import { withSidecar } from "../with-sidecar.ts";
import { BareLoop, type Decoded } from "./bare-loop.ts";
import type { BareSettings } from "./bare-messages.ts";
import { type MeasuredAnswer, measureAnswer } from "./measure-decode.ts";
import { median } from "./median.ts";
import { PROMPT_TEXT } from "./prompt.ts";
import { type BenchReport, reportOf } from "./report.ts";

const DECODE = { name: "decode", version: 1 };
const FULL = { tokens: 128, repetitions: 7 };
const QUICK = { tokens: 32, repetitions: 3 };
/** Fewer say nothing about the time of one. */
const TOKENS_MIN = 8;
/** Compute threads keep spinning for a while after a decode; they must not disturb the other. */
const PAUSE_MS = 200;

type Options = {
  readonly model?: string;
  readonly tokens?: number;
  readonly repetitions?: number;
  readonly threads?: number;
  readonly quick?: true;
  readonly json?: true;
};

type Row = {
  readonly path: "bare" | "sidecar";
  readonly tokens: number;
  readonly msPerToken: number;
};

/** Times are medians. */
type Summary = {
  readonly bareMsPerToken: number;
  readonly sidecarMsPerToken: number;
  readonly addedMsPerToken: number;
  /** As a share of the bare loop's time. */
  readonly addedShare: number;
  /** By the sidecar's own clock; what is above it was spent on the wire. */
  readonly meteredMsPerToken: number;
  /** Both are greedy. If this is `false`, only rounding may have parted them; look before trusting. */
  readonly sameTokens: boolean;
  readonly repetitions: number;
  readonly threads: number;
};

export function addDecodeBench(bench: Command, interrupts: Interrupts): void {
  bench
    .command("decode")
    .description("What the sidecar adds per decoded token to a bare decode loop.")
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--tokens <number>", "tokens of each answer", wholeNumber(TOKENS_MIN))
    .option("--repetitions <number>", "runs of each of the two", wholeNumber(1))
    .option("--threads <number>", "threads of both; by default one per core", wholeNumber(1))
    .option("--quick", "few and short runs: a rough figure")
    .option("--json", "print the figures as JSON")
    .action((options: Options) => benchDecode(options, interrupts));
}

async function benchDecode(options: Options, { signal }: Interrupts): Promise<void> {
  const { tokens, repetitions } = options.quick ? QUICK : FULL;
  const size = {
    tokens: options.tokens ?? tokens,
    repetitions: options.repetitions ?? repetitions,
  };
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: "bench",
  });
  const config = options.threads === undefined ? { path } : { path, threads: options.threads };
  const report = await withSidecar(config, async (sidecar) => {
    const facts = await sidecar.requestBare(LoadModel, signal);
    const bare = await BareLoop.start(settingsLike(facts));
    try {
      const runs = await runAlternately(sidecar, bare, size, signal);
      return reportOf(DECODE, facts, resultsOf(runs, size.repetitions, facts.threads));
    } finally {
      bare.stop();
    }
  });
  console.log(options.json ? JSON.stringify(report) : asText(report));
}

/** The bare loop runs the model just as the sidecar does. */
function settingsLike(facts: ModelFacts): BareSettings {
  const { path, fingerprint, cellsTokens, threads, gpu, gpuLayers, cacheType } = facts;
  return {
    modelPath: path,
    promptText: PROMPT_TEXT,
    useGpu: gpu !== null,
    fingerprint,
    cellsTokens,
    threads,
    gpuLayers,
    cacheType,
  };
}

type Runs = { readonly bare: Decoded[]; readonly sidecar: MeasuredAnswer[] };

/** By turns, and each first every other time, so that a machine that slows down does so for both. */
async function runAlternately(
  sidecar: SidecarProcess,
  bare: BareLoop,
  size: { readonly tokens: number; readonly repetitions: number },
  signal: AbortSignal,
): Promise<Runs> {
  const runs: Runs = { bare: [], sidecar: [] };
  const runBare = async (): Promise<void> => {
    runs.bare.push(await bare.decode(size.tokens));
  };
  const runSidecar = async (): Promise<void> => {
    runs.sidecar.push(await measureAnswer(sidecar, size.tokens, signal));
  };
  for (let repetition = 0; repetition <= size.repetitions; repetition++) {
    process.stderr.write(`repetition ${repetition} of ${size.repetitions}\n`);
    const order = repetition % 2 === 0 ? [runBare, runSidecar] : [runSidecar, runBare];
    for (const run of order) {
      signal.throwIfAborted();
      await delay(PAUSE_MS);
      await run();
    }
  }
  // The first run of each only warmed the machine up.
  return { bare: runs.bare.slice(1), sidecar: runs.sidecar.slice(1) };
}

function resultsOf(
  { bare, sidecar }: Runs,
  repetitions: number,
  threads: number,
): { readonly rows: readonly Row[]; readonly summary: Summary } {
  const rows: Row[] = [
    ...bare.map((run) => rowOf("bare", run.tokens.length, run.msPerToken)),
    ...sidecar.map((run) => rowOf("sidecar", run.generatedTokens, run.msPerToken)),
  ];
  const fewest = Math.min(...rows.map(({ tokens }) => tokens));
  if (fewest < TOKENS_MIN) {
    throw new Error(`The model ended its answer after ${fewest} tokens, too few to measure.`);
  }
  const bareMsPerToken = median(bare.map(({ msPerToken }) => msPerToken));
  const sidecarMsPerToken = median(sidecar.map(({ msPerToken }) => msPerToken));
  const addedMsPerToken = sidecarMsPerToken - bareMsPerToken;
  return {
    rows,
    summary: {
      bareMsPerToken,
      sidecarMsPerToken,
      addedMsPerToken,
      addedShare: addedMsPerToken / bareMsPerToken,
      meteredMsPerToken: median(sidecar.map(({ meteredMsPerToken }) => meteredMsPerToken)),
      sameTokens: sidecar.every((run) => bare.every((other) => endsWith(run.tokens, other.tokens))),
      repetitions,
      threads,
    },
  };
}

function rowOf(path: Row["path"], tokens: number, msPerToken: number): Row {
  return { path, tokens, msPerToken };
}

/** What the template opens an answer with stands before the decoded ids. */
function endsWith(tokens: readonly number[], ending: readonly number[]): boolean {
  const start = tokens.length - ending.length;
  return start >= 0 && ending.every((token, index) => token === tokens[start + index]);
}

function asText({ model, machine, summary }: BenchReport<Row, Summary>): string {
  const { bareMsPerToken, sidecarMsPerToken, addedMsPerToken, addedShare, threads } = summary;
  return [
    `${model.name} on ${machine.cpu}, ${threads} threads, GPU: ${machine.gpu ?? "none"}`,
    `bare loop  ${bareMsPerToken.toFixed(3)} ms per token`,
    `sidecar    ${sidecarMsPerToken.toFixed(3)} ms per token`,
    `added      ${addedMsPerToken.toFixed(3)} ms per token (${percent(addedShare)})`,
    ...(summary.sameTokens
      ? []
      : ["The two decoded different tokens, so this figure needs a second look."]),
  ].join("\n");
}
