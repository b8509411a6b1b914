import { reusedTokens } from "../../protocol/usage.ts";
import { milliseconds, percent } from "../figures.ts";
import type { TurnRecord } from "./record.ts";
import { summarise } from "./record.ts";

const COLUMNS = [
  ["turn", 4],
  ["what happened", 28],
  ["prompt", 8],
  ["reused", 8],
  ["prefilled", 10],
  ["generated", 10],
  ["hit", 8],
  ["first token", 12],
] as const;

/** Columns of text; the others are numbers and stand at the right. */
const TEXT_COLUMN = 1;

export function tableHead(): string {
  return row(COLUMNS.map(([title]) => title));
}

export function tableRow({ turn, action, usage, hitRate, firstTokenMs }: TurnRecord): string {
  const { promptTokens, prefilledTokens, generatedTokens } = usage;
  return row([
    String(turn),
    action,
    String(promptTokens),
    String(reusedTokens(usage)),
    String(prefilledTokens),
    String(generatedTokens),
    percent(hitRate),
    milliseconds(firstTokenMs),
  ]);
}

/** Why something that had been in the cache was prefilled again; `null` if nothing was. */
export function reasonLine({ divergence }: TurnRecord): string | null {
  if (divergence === null) return null;
  const { segmentLabel, text, removed, droppedTokens } = divergence;
  const words = text.trim().replaceAll(/\s+/gu, " ");
  const owner = segmentLabel ?? "the chat template";
  const happened = removed
    ? `was taken out before “${words}”`
    : `reads differently from “${words}” on`;
  return `      ${owner} ${happened}: ${droppedTokens} tokens dropped`;
}

export function summaryLine(records: readonly TurnRecord[]): string {
  const { promptTokens, prefilledTokens, hitRate } = summarise(records);
  return (
    `${percent(hitRate)} of all prompt tokens came from the cache: ` +
    `${prefilledTokens} tokens prefilled, ${promptTokens} without a cache.`
  );
}

function row(cells: readonly string[]): string {
  return COLUMNS.map(([, width], index) => {
    const cell = cells[index] ?? "";
    if (index !== TEXT_COLUMN) return cell.padStart(width);
    const shown = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
    return `  ${shown.padEnd(width)}`;
  }).join("");
}
