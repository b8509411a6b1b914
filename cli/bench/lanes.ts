import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { Conversation } from "../../extension/client/conversation.ts";
import { append } from "../../extension/context/change.ts";
import { emptyContext } from "../../extension/context/state.ts";
import { ClearCache, LoadModel } from "../../protocol/model.ts";
import type { Segment } from "../../protocol/segment.ts";
import { benchCommand, benchModel, type BenchOptions } from "./bench-options.ts";
import type { Interrupts } from "../interrupts.ts";
import type { SidecarProcess } from "../sidecar-process.ts";
import { withSidecar } from "../with-sidecar.ts";
import { median } from "./median.ts";
import { reportOf } from "./report.ts";
import { SampleText } from "./sample-text.ts";

const FULL = { coreTokens: 1024, ownTokens: 3072, answerTokens: 256, repetitions: 3 };
const QUICK = { coreTokens: 512, ownTokens: 1024, answerTokens: 64, repetitions: 1 };
const AGENTS = 2;
/** How long after the one before each agent comes. */
const STAGGER_MS = 300;
const SEED = 20_263;

const SCHEMES = ["serial", "interleaved"] as const;
type Scheme = (typeof SCHEMES)[number];

type Row = {
  readonly agents: number;
  readonly scheme: Scheme;
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** From each agent's arrival, in the order in which they came. */
  readonly firstTokenMs: readonly number[];
  /** From the first arrival until the last answer is complete. */
  readonly totalMs: number;
  readonly tokensPerSecond: number;
};

type Size = typeof FULL;

export function addLanesBench(bench: Command, interrupts: Interrupts): void {
  benchCommand(bench, {
    name: "lanes",
    description: "Two agents that come one after the other: taking turns against waiting.",
    quick: "short prompts and answers, one run: a rough figure",
  }).action((options: BenchOptions) => benchLanes(options, interrupts));
}

async function benchLanes(options: BenchOptions, { signal }: Interrupts): Promise<void> {
  const size = options.quick ? QUICK : FULL;
  const config = await benchModel(options);
  const report = await withSidecar(config, async (sidecar) => {
    const facts = await sidecar.requestBare(LoadModel, signal);
    const prompts = await promptsOf(sidecar, size);
    const runs: Record<Scheme, Run[]> = { serial: [], interleaved: [] };
    for (let repetition = 0; repetition <= size.repetitions; repetition++) {
      for (const scheme of SCHEMES) {
        process.stderr.write(`${scheme}, ${repetition} of ${size.repetitions}\n`);
        signal.throwIfAborted();
        await sidecar.requestBare(ClearCache, signal);
        const run = await runAgents(sidecar, prompts, { scheme, size, signal });
        // The first round only warms up.
        if (repetition > 0) runs[scheme].push(run);
      }
    }
    const rows = SCHEMES.map((scheme) => rowOf(scheme, runs[scheme]));
    return reportOf({ name: "lanes", version: 1 }, facts, { rows, summary: {} });
  });
  console.log(options.json ? JSON.stringify(report) : report.rows.map(asLine).join("\n"));
}

/** Prompts that begin with the same core, as those of one product do. */
async function promptsOf(sidecar: SidecarProcess, size: Size): Promise<Segment[][]> {
  const text = new SampleText(sidecar, SEED);
  const core = await text.take(size.coreTokens);
  const prompts: Segment[][] = [];
  for (let agent = 0; agent < AGENTS; agent++) {
    const own = await text.take(size.ownTokens);
    prompts.push([
      { id: "core", kind: "instructions", stability: "core", role: "system", text: core },
      { id: "own", kind: "message", stability: "history", role: "user", text: own },
    ]);
  }
  return prompts;
}

type Answered = {
  readonly firstTokenMs: number;
  readonly promptTokens: number;
  readonly generatedTokens: number;
};

type Run = { readonly answers: readonly Answered[]; readonly totalMs: number };

async function runAgents(
  sidecar: SidecarProcess,
  prompts: readonly (readonly Segment[])[],
  options: { readonly scheme: Scheme; readonly size: Size; readonly signal: AbortSignal },
): Promise<Run> {
  const startMs = performance.now();
  let before: Promise<unknown> = Promise.resolve();
  const answers = prompts.map(async (segments, agent) => {
    await delay(agent * STAGGER_MS);
    const arrivedMs = performance.now();
    // In the serial scheme an agent waits until all that came before it have been answered.
    const turn = options.scheme === "serial" ? before : Promise.resolve();
    const answer = turn.then(() =>
      askOnce(sidecar, `agent-${agent}`, segments, { ...options, arrivedMs }),
    );
    before = answer;
    return await answer;
  });
  return { answers: await Promise.all(answers), totalMs: performance.now() - startMs };
}

async function askOnce(
  sidecar: SidecarProcess,
  id: string,
  segments: readonly Segment[],
  options: { readonly size: Size; readonly signal: AbortSignal; readonly arrivedMs: number },
): Promise<Answered> {
  const { size, signal, arrivedMs } = options;
  const conversation = new Conversation(sidecar, append(emptyContext(id), segments));
  const askedMs = performance.now();
  const { usage, firstTokenMs } = await conversation.generate({
    sampling: { temperature: 0 },
    maxTokens: size.answerTokens,
    signal,
  });
  signal.throwIfAborted();
  await conversation.close();
  if (firstTokenMs === null) throw new Error("An agent got no answer, so nothing is measured.");
  return {
    firstTokenMs: askedMs - arrivedMs + firstTokenMs,
    promptTokens: usage.promptTokens,
    generatedTokens: usage.generatedTokens,
  };
}

function rowOf(scheme: Scheme, runs: readonly Run[]): Row {
  const totalMs = median(runs.map((run) => run.totalMs));
  const answers = runs[0]?.answers ?? [];
  const generatedTokens = answers.reduce((sum, { generatedTokens: own }) => sum + own, 0);
  return {
    agents: answers.length,
    scheme,
    promptTokens: Math.max(...answers.map(({ promptTokens }) => promptTokens)),
    answerTokens: Math.max(...answers.map(({ generatedTokens: own }) => own)),
    firstTokenMs: answers.map((_, agent) =>
      median(runs.map((run) => run.answers[agent]!.firstTokenMs)),
    ),
    totalMs,
    tokensPerSecond: (generatedTokens / totalMs) * 1000,
  };
}

function asLine(row: Row): string {
  return [
    `${row.agents} agents, ${row.scheme}`.padEnd(22),
    `first token ${row.firstTokenMs.map((elapsedMs) => elapsedMs.toFixed(0)).join(", ")} ms`,
    `total ${row.totalMs.toFixed(0)} ms`,
    `${row.tokensPerSecond.toFixed(1)} tokens/s`,
  ].join("  ");
}
