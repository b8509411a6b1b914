import { languageOf } from "../../agent/dialect/language-of.ts";
import { fencedText } from "../../context/living/fenced-text.ts";
import { oneLine } from "../one-line.ts";

/** Lines of a file as they stood when they were shown. */
export type Excerpt = {
  readonly path: string;
  /** From one. */
  readonly start: number;
  readonly lines: readonly string[];
};

/** Lines around a hit: enough to see what it is part of. */
const LINES_BEFORE = 1;
const LINES_AFTER = 5;
const EXCERPTS_OF_FILE_MAX = 2;
const LINE_CHARACTERS_MAX = 240;
const PATH_CHARACTERS_MAX = 200;

/** The surroundings of the best lines; what overlaps is shown once, and in the order of the file. */
export function excerptsOf(path: string, text: string, lines: readonly number[]): Excerpt[] {
  const all = text.replace(/\n$/u, "").split("\n");
  const ranges: { start: number; end: number }[] = [];
  for (const line of lines) {
    if (line > all.length) continue;
    const start = Math.max(1, line - LINES_BEFORE);
    const end = Math.min(all.length, line + LINES_AFTER);
    const near = ranges.find((range) => start <= range.end + 1 && range.start <= end + 1);
    if (near === undefined) {
      if (ranges.length < EXCERPTS_OF_FILE_MAX) ranges.push({ start, end });
    } else if (end - near.start <= 2 * LINES_AFTER && near.end >= start) {
      near.start = Math.min(near.start, start);
      near.end = Math.max(near.end, end);
    }
  }
  return ranges
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ path, start, lines: all.slice(start - 1, end) }));
}

export function excerptText({ path, start, lines }: Excerpt): string {
  const shown = lines.map((line) =>
    line.length <= LINE_CHARACTERS_MAX
      ? line
      : `${line.slice(0, LINE_CHARACTERS_MAX).toWellFormed()}…`,
  );
  const last = start + lines.length - 1;
  const place = `${oneLine(path, PATH_CHARACTERS_MAX)}:${start}${last > start ? `–${last}` : ""}`;
  return fencedText(place, shown.join("\n"), languageOf(path)).trimEnd();
}

/** Whether a file still reads like this at the same place. */
export function stillReads({ start, lines }: Excerpt, text: string): boolean {
  const now = text.split("\n").slice(start - 1, start - 1 + lines.length);
  return now.length === lines.length && now.every((line, index) => line === lines[index]);
}
