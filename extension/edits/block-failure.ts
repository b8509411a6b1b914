import type { SourceText } from "./source-text.ts";

/** Nearest lines that are shown, and characters of each. */
const LINES_SHOWN_MAX = 20;
const LINE_CHARS_SHOWN_MAX = 200;

/** Places of an ambiguous search that are named; the others are not even looked for. */
const PLACES_NAMED_MAX = 6;

export type BlockFailure = {
  readonly kind: "failed";
  /** Index of the block, from zero; the sentence counts from one. */
  readonly block: number;
  readonly reason: "missing" | "ambiguous" | "overlap" | "empty" | "unchanged" | "tooMany";
  /** Written for the model, which has to do better in its next call. */
  readonly sentence: string;
};

/** Lines by index, the last one exclusive. */
export type LineRange = { readonly start: number; readonly end: number };

export function failed(
  block: number,
  reason: BlockFailure["reason"],
  sentence: string,
): BlockFailure {
  return { kind: "failed", block, reason, sentence };
}

export function missing(
  block: number,
  source: SourceText,
  nearest?: LineRange & { readonly similarity: number },
): BlockFailure {
  const start = `The search of block ${block + 1} is not in the file`;
  if (nearest === undefined) {
    return failed(block, "missing", `${start}, nor anything like it; read the file again.`);
  }
  const percent = Math.floor(100 * nearest.similarity);
  return failed(
    block,
    "missing",
    `${start}; the nearest are ${named(nearest)} (${percent}% alike), which read:\n` +
      numbered(source, nearest),
  );
}

export function ambiguous(block: number, places: readonly LineRange[]): BlockFailure {
  const sorted = places.toSorted((a, b) => a.start - b.start);
  const more = sorted.length > PLACES_NAMED_MAX ? ", and more" : "";
  const list = sorted.slice(0, PLACES_NAMED_MAX).map(named).join(", ");
  return failed(
    block,
    "ambiguous",
    `The search of block ${block + 1} fits more than one place: ${list}${more}; ` +
      "add the lines before or after it so that it fits one.",
  );
}

function named({ start, end }: LineRange): string {
  return end - start <= 1 ? `line ${start + 1}` : `lines ${start + 1}-${end}`;
}

function numbered(source: SourceText, { start, end }: LineRange): string {
  const shown = source.lines.slice(start, Math.min(end, start + LINES_SHOWN_MAX));
  const lines = shown.map((line, index) => {
    const long = line.length > LINE_CHARS_SHOWN_MAX;
    return `${start + index + 1}| ${long ? `${line.slice(0, LINE_CHARS_SHOWN_MAX)}…` : line}`;
  });
  if (end - start > shown.length) lines.push("…");
  return lines.join("\n");
}
