import type { MeterReading } from "../../protocol/meter.ts";
import type { CellReuse } from "../../protocol/model.ts";
import { cellReuseSentence } from "./cell-reuse-sentence.ts";
import { countOf, formatCount, formatDuration, formatShare } from "./format.ts";
import { excerptOf, ownerOf, reprefillReason } from "./reprefill-reason.ts";
import { prefilledTexts } from "./prefilled-texts.ts";
import { cachedShare, type MeterTotals, type SessionMeter, totalsOf } from "./session-meter.ts";

/** Rows of the details; older turns are in the totals only. */
const DETAIL_TURNS_MAX = 20;

const WARM_UP = "A **warm-up** makes a chat ready before its next question is asked.";

const NO_TURNS = "No turns yet: ask `@kvasir` something in the chat.";

/** The last turn and the session side by side, for the status bar's tooltip. */
export function meterTooltip(meter: SessionMeter): string {
  const last = meter.turns.at(-1);
  if (last === undefined) return NO_TURNS;
  const turn = totalsOf(last);
  const { totals } = meter;
  const rows: (readonly [string, string, string])[] = [
    ["from cache", share(turn), share(totals)],
    ["reused tokens", formatCount(turn.reusedTokens), formatCount(totals.reusedTokens)],
    ["of these from disk", formatCount(turn.restoredTokens), formatCount(totals.restoredTokens)],
    ["prefilled tokens", formatCount(turn.prefilledTokens), formatCount(totals.prefilledTokens)],
    ["generated tokens", formatCount(turn.generatedTokens), formatCount(totals.generatedTokens)],
    ["time to first token", firstToken(last), ""],
    ["time saved", formatDuration(turn.savedMs), formatDuration(totals.savedMs)],
  ];
  const table = [
    "| | last turn | session |",
    "| :-- | --: | --: |",
    ...rows.map((cells) => row(cells)),
  ].join("\n");
  const reason = reprefillReason(last);
  const texts = prefilledTexts(last);
  const notes = [
    ...(reason === null ? [] : [sentence(reason)]),
    ...(texts === "" ? [] : [`Prefilled tokens by text: ${texts}.`]),
    ...repairNotes(meter),
  ];
  return [table, ...notes].join("\n\n");
}

/** What was spliced and is repaired later, and how far it had led the model astray. */
function repairNotes({ staleTokens, staleSince, drift }: SessionMeter): string[] {
  const notes: string[] = [];
  if (staleTokens > 0) {
    const since = staleSince.map(
      ({ tokens, segmentLabel, text }) =>
        `${formatCount(tokens)} since ${ownerOf(segmentLabel)} changed at ${excerptOf(text)}`,
    );
    notes.push(
      `${countOf(staleTokens, "token")} saw an older text` +
        `${since.length === 0 ? "" : ` (${since.join("; ")})`}; ` +
        `they are computed again while nobody waits.`,
    );
  }
  if (drift !== null) {
    notes.push(
      `Repairs so far: ${formatCount(drift.repairs)}. The most likely next token had been the same in ` +
        `${formatShare(drift.sameTop1Share)} of them, with a drift of ${drift.klMean.toFixed(3)} nats.`,
    );
  }
  return notes;
}

/** A page about the latest turns, newest first, and about the model if one is in memory. */
export function meterDetails(meter: SessionMeter, reuse: CellReuse | null): string {
  const { totals } = meter;
  const aboutModel = reuse === null ? [] : ["", cellReuseSentence(reuse)];
  if (totals.turns === 0) {
    return ["# Kvasir cache meter", "", NO_TURNS, ...aboutModel, ""].join("\n");
  }
  const latest = meter.turns.slice(-DETAIL_TURNS_MAX);
  const firstNumber = totals.turns - latest.length + 1;
  const rows = latest.map((reading, index) => turnRow(firstNumber + index, reading)).toReversed();
  /** One line for each turn of which there is something to say, newest first. */
  const numbered = (tell: (reading: MeterReading) => string | null): readonly string[] =>
    latest
      .map((reading, index) => ({ number: firstNumber + index, told: tell(reading) }))
      .filter(({ told }) => told !== null && told !== "")
      .map(({ number, told }) => `- Turn ${number}: ${told}`)
      .toReversed();
  return [
    "# Kvasir cache meter",
    "",
    `${formatCount(totals.reusedTokens)} of ${formatCount(totals.promptTokens)} prompt tokens ` +
      `(${share(totals)}) came from the cache since this window was opened, which saved ` +
      `${formatDuration(totals.savedMs)} of prefill.`,
    ...aboutModel,
    "",
    "| turn | cached | reused | from disk | prefilled | generated | first token |",
    "| --: | --: | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    "**cached** is the share of the prompt that was not computed again, **from disk** what of it was",
    "read back from the store, **first token** the time from the request to the first token of the",
    "answer.",
    ...(latest.some(({ task }) => task === "warm") ? ["", WARM_UP] : []),
    ...section("What was prefilled, in tokens", numbered(prefilledTexts)),
    ...section("What was prefilled again", numbered(reprefillReason)),
    ...repairNotes(meter).flatMap((note) => ["", note]),
    "",
  ].join("\n");
}

function turnRow(number: number, reading: MeterReading): string {
  const totals = totalsOf(reading);
  return row([
    reading.task === "warm" ? `${number} (warm-up)` : String(number),
    share(totals),
    formatCount(totals.reusedTokens),
    formatCount(totals.restoredTokens),
    formatCount(totals.prefilledTokens),
    formatCount(totals.generatedTokens),
    // The column is narrow, and a number without its unit means nothing.
    firstToken(reading).replace(" ", "\u00A0"),
  ]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function share(totals: MeterTotals): string {
  const cached = cachedShare(totals);
  return cached === null ? "–" : formatShare(cached);
}

function firstToken({ firstTokenMs }: MeterReading): string {
  return firstTokenMs === null ? "–" : formatDuration(firstTokenMs);
}

function sentence(phrase: string): string {
  return `Prefilled ${phrase}.`;
}
