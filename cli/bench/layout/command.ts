import type { Command } from "commander";
import { CountTokens, LoadModel } from "../../../protocol/model.ts";
import { percent } from "../../figures.ts";
import { benchCommand, benchModel, type BenchOptions } from "../bench-options.ts";
import type { Interrupts } from "../../interrupts.ts";
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
  benchCommand(bench, {
    name: "layout",
    description: "What the order of a prompt saves when a part of it changes now and then.",
    quick: "the smallest model; the counts hardly differ",
  }).action((options: BenchOptions) => benchLayout(options, interrupts));
}

async function benchLayout(options: BenchOptions, { signal }: Interrupts): Promise<void> {
  const model = await benchModel(options, options.quick ? "tiny" : "bench");
  const config = { ...model, windowTokens: WINDOW_TOKENS };
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
