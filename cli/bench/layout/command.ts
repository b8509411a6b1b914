import type { Command } from "commander";
import { CountTokens, LoadModel } from "../../../protocol/model.ts";
import { chooseModel } from "../../choose-model.ts";
import { percent } from "../../figures.ts";
import type { Interrupts } from "../../interrupts.ts";
import { wholeNumber } from "../../numbers.ts";
import type { SidecarProcess } from "../../sidecar-process.ts";
import { withSidecar } from "../../with-sidecar.ts";
import { type BenchReport, reportOf } from "../report.ts";
import { type LayoutTurn, runNaive, runOurs, type TurnCost } from "./run-layouts.ts";
import {
  ANSWER_TOKENS,
  CHANGED_TURNS,
  DYNAMIC_TOKENS,
  MESSAGE_TOKENS,
  STATIC_TOKENS,
  textOf,
  TURNS,
} from "./scenario.ts";

const WINDOW_TOKENS = 4_096;

type Options = {
  readonly model?: string;
  readonly threads?: number;
  readonly quick?: true;
  readonly json?: true;
};

type Row = {
  readonly turn: number;
  readonly dynamicChanged: boolean;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly standingTokens: number;
  /** By the fold and by keeping the answer resident, while nobody waits. */
  readonly idlePrefilledTokens: number;
  readonly naivePromptTokens: number;
  readonly naiveCachedTokens: number;
  readonly naiveIdlePrefilledTokens: number;
  readonly dynamicFirstCachedTokens: number;
};

type Summary = {
  readonly hitRatio: number;
  /** Behind one another at the top, what never changes first. */
  readonly naiveHitRatio: number;
  /** The other way round. */
  readonly dynamicFirstHitRatio: number;
  /** The share of prompt tokens that stood in the prompt of an earlier turn. */
  readonly limitHitRatio: number;
};

export function addLayoutBench(bench: Command, interrupts: Interrupts): void {
  bench
    .command("layout")
    .description("What the order of a prompt saves when a part of it changes now and then.")
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--quick", "the smallest model; the counts hardly differ")
    .option("--json", "print the figures as JSON")
    .action((options: Options) => benchLayout(options, interrupts));
}

async function benchLayout(options: Options, { signal }: Interrupts): Promise<void> {
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: options.quick ? "tiny" : "bench",
  });
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const config = { path, windowTokens: WINDOW_TOKENS, ...threads };
  const report = await withSidecar(config, async (sidecar) => {
    const facts = await sidecar.requestBare(LoadModel, signal);
    const { fixed, turns } = await makeTexts(sidecar, signal);
    process.stderr.write("ours\n");
    const ours = await runOurs(sidecar, fixed, turns, signal);
    process.stderr.write("naive\n");
    const behind = (dynamic: string): string => `${fixed}\n\nAround:\n${dynamic}`;
    const naive = await runNaive(sidecar, behind, turns, signal);
    const before = (dynamic: string): string => `Around:\n${dynamic}\n\n${fixed}`;
    const dynamicFirst = await runNaive(sidecar, before, turns, signal);
    return reportOf({ name: "layout", version: 1 }, facts, resultsOf(ours, naive, dynamicFirst));
  });
  console.log(options.json ? JSON.stringify(report) : asText(report));
}

async function makeTexts(
  sidecar: SidecarProcess,
  signal: AbortSignal,
): Promise<{ readonly fixed: string; readonly turns: readonly LayoutTurn[] }> {
  const count = async (texts: readonly string[]): Promise<readonly number[]> =>
    (await sidecar.request(CountTokens, { texts: [...texts] }, signal)).counts;
  const fixed = await textOf(STATIC_TOKENS, "You are an assistant.", count);
  const turns: LayoutTurn[] = [];
  let dynamic = "";
  for (let turn = 1; turn <= TURNS; turn++) {
    if (CHANGED_TURNS.includes(turn)) {
      dynamic = await textOf(DYNAMIC_TOKENS, `State ${turn}:`, count);
    }
    turns.push({
      dynamic,
      message: await textOf(MESSAGE_TOKENS, `Question ${turn}:`, count),
      answer: await textOf(ANSWER_TOKENS, `Answer ${turn}:`, count),
    });
  }
  return { fixed, turns };
}

function resultsOf(
  ours: readonly TurnCost[],
  naive: readonly TurnCost[],
  dynamicFirst: readonly TurnCost[],
): { readonly rows: readonly Row[]; readonly summary: Summary } {
  const rows = ours.map((cost, index): Row => {
    const turn = index + 1;
    const other = naive[index]!;
    return {
      turn,
      dynamicChanged: CHANGED_TURNS.includes(turn),
      ...cost,
      naivePromptTokens: other.promptTokens,
      naiveCachedTokens: other.cachedTokens,
      naiveIdlePrefilledTokens: other.idlePrefilledTokens,
      dynamicFirstCachedTokens: dynamicFirst[index]!.cachedTokens,
    };
  });
  return {
    rows,
    summary: {
      hitRatio: shareOf(rows, "cachedTokens", "promptTokens"),
      naiveHitRatio: shareOf(rows, "naiveCachedTokens", "naivePromptTokens"),
      dynamicFirstHitRatio: shareOf(rows, "dynamicFirstCachedTokens", "naivePromptTokens"),
      limitHitRatio: shareOf(rows, "standingTokens", "promptTokens"),
    },
  };
}

function shareOf(rows: readonly Row[], part: keyof Row, whole: keyof Row): number {
  const total = (key: keyof Row): number => rows.reduce((sum, row) => sum + Number(row[key]), 0);
  return total(part) / total(whole);
}

function asText({ rows, summary }: BenchReport<Row, Summary>): string {
  return [
    ...rows.map(
      (row) =>
        `turn ${String(row.turn).padStart(2)} ${row.dynamicChanged ? "changed" : "       "}` +
        ` prompt ${row.promptTokens}, cached ${row.cachedTokens}, naive ${row.naiveCachedTokens}`,
    ),
    `cached: ${percent(summary.hitRatio)}, naive ${percent(summary.naiveHitRatio)} ` +
      `(dynamic part first ${percent(summary.dynamicFirstHitRatio)}), ` +
      `limit ${percent(summary.limitHitRatio)}`,
  ].join("\n");
}
