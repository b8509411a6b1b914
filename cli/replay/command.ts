import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { reportOf } from "../bench/report.ts";
import { chooseModel } from "../choose-model.ts";
import type { Interrupts } from "../interrupts.ts";
import { wholeNumber } from "../numbers.ts";
import { Refusal } from "../../sidecar/refusal.ts";
import { runWorker } from "../worker/run-worker.ts";
import {
  POLICIES,
  type Policy,
  type ReplayDone,
  type ReplayedSession,
  type ReplayTask,
} from "./messages.ts";
import { parseSession } from "../../extension/sessions/parse-session.ts";
import type { RecordedSession } from "../../extension/sessions/recorded-session.ts";
import { rowOf, totalsOf } from "./summary.ts";
import { replayTable } from "./table.ts";

const REPLAY = { name: "replay", version: 1 };

type Options = {
  readonly policy: Policy;
  readonly limitTokens?: number;
  readonly model?: string;
  readonly threads?: number;
  readonly json?: true;
};

export function addReplayCommand(program: Command, interrupts: Interrupts): void {
  program
    .command("replay")
    .description("Plays recorded agent sessions again and counts what each call prefills.")
    .argument("<files...>", "recordings, one JSON value a line")
    .addOption(
      new Option("--policy <policy>", "which resident tokens a call may use")
        .choices(POLICIES)
        .default("exact"),
    )
    .option(
      "--limit-tokens <number>",
      "leave a session before a longer prompt; by default the window, and 16384 for naive",
      wholeNumber(1),
    )
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--json", "print the figures as JSON")
    .action((files: readonly string[], options: Options) => replay(files, options, interrupts));
}

async function replay(
  files: readonly string[],
  options: Options,
  { signal }: Interrupts,
): Promise<void> {
  const sessions = files.map(readSession);
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: "bench",
  });
  const { policy } = options;
  const task: ReplayTask = {
    modelPath: path,
    threads: options.threads ?? null,
    policy,
    limitTokens: options.limitTokens ?? null,
    sessions,
  };
  const { rows: replayed, done } = await runWorker<ReplayedSession, ReplayDone>(task, {
    program: "replay-worker.mjs",
    signal,
    onProgress: (message) => {
      if (message.kind === "note") process.stderr.write(`${message.text}\n`);
    },
  });
  const rows = replayed.map(rowOf);
  const totals = totalsOf(replayed);
  const report = reportOf(REPLAY, done.facts, { rows, summary: { policy, ...totals } });
  console.log(options.json ? JSON.stringify(report) : replayTable(rows, totals));
}

/** A file that cannot be read is told of like one that makes no sense: as one sentence. */
function readSession(path: string): RecordedSession {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`The file ${path} cannot be read.`);
  }
  const parsed = parseSession(basename(path), text);
  if (parsed.kind === "refused") throw new Refusal("badRequest", parsed.sentence);
  return parsed.session;
}
