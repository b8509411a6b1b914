import { listed } from "../listed.ts";
import type { Compaction, CompactionStep } from "./plan-compaction.ts";

/** Says what a compaction gives up and what it will cost, before it runs. */
export function compactionSentence(compaction: Compaction, reprefillMs: number | null): string {
  const { freedTokens, reprefillTokens } = compaction;
  const parts = compaction.steps.map((step) => partOf(step, compaction));
  const seconds = reprefillMs === null ? "" : `, about ${Math.ceil(reprefillMs / 1_000)} s`;
  return (
    `This chat makes room by leaving out ${listed(parts)} (${tokens(freedTokens)}); ` +
    `${tokens(reprefillTokens)} behind them are prefilled again${seconds}.`
  );
}

function partOf({ kind, ids }: CompactionStep, { turns }: Compaction): string {
  if (kind === "reasoning") return `the thoughts of ${counted(ids.length, "answer")}`;
  if (kind === "toolOutputs") return counted(ids.length, "tool output");
  return kind === "turns" ? counted(turns, "turn") : counted(ids.length, "file");
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function tokens(count: number): string {
  return counted(count, "token");
}
