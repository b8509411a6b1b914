import { milliseconds, percent } from "../figures.ts";
import type { SessionRow, Totals } from "./summary.ts";

const NAME_WIDTH = 20;
const NUMBER_WIDTH = 11;

const COLUMNS = [
  "turns",
  "prompt",
  "prefix",
  "spliced",
  "restored",
  "forked",
  "prefilled",
  "answer",
  "hit",
  "first p50",
  "first p95",
] as const;

const ENDINGS = {
  promptOverLimit: "ended before a prompt over the limit",
  noRoomForAnswer: "ended before an answer that does not fit the window",
} as const satisfies Record<NonNullable<SessionRow["endedBecause"]>, string>;

/** The figures of a replay as a person reads them. */
export function replayTable(rows: readonly SessionRow[], totals: Totals): string {
  return [
    line("session", COLUMNS),
    ...rows.map((row) => line(row.session, cellsOf(row)) + endingOf(row)),
    line("all", cellsOf(totals)),
    ...(totals.alteredAnswers === 0
      ? []
      : [`${totals.alteredAnswers} answers could not be decoded just as they were recorded.`]),
  ].join("\n");
}

function cellsOf(totals: Totals): string[] {
  const { hitRatio } = totals;
  return [
    String(totals.turns),
    String(totals.promptTokens),
    String(totals.prefixTokens),
    String(totals.splicedTokens),
    String(totals.restoredTokens),
    String(totals.forkedTokens),
    String(totals.prefilledTokens),
    String(totals.answerTokens),
    hitRatio === null ? "-" : percent(hitRatio),
    milliseconds(totals.firstTokenMsP50),
    milliseconds(totals.firstTokenMsP95),
  ];
}

function endingOf({ turns, recordedCalls, endedBecause }: SessionRow): string {
  if (endedBecause === null) return "";
  return `  (${ENDINGS[endedBecause]}, after ${turns} of ${recordedCalls} calls)`;
}

function line(name: string, cells: readonly string[]): string {
  const shown = name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name;
  return shown.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join("");
}
