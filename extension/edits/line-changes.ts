import { diffArrays } from "diff";
import { splitLines } from "./split-lines.ts";

/**
 * Removed and added lines up to which the smallest difference is looked for, which takes time in
 * the square of their number. Beyond it everything from the first changed line to the last is one hunk.
 */
const CHANGED_LINES_MAX = 3_000;

/** A run of changed lines. Indices count lines from zero; each line carries its line feed. */
export type Hunk = {
  readonly beforeIndex: number;
  readonly beforeLines: readonly string[];
  readonly afterIndex: number;
  readonly afterLines: readonly string[];
};

/** The runs of lines in which two texts differ, in order. Between two hunks a line stays the same. */
export function lineChanges(before: string, after: string): readonly Hunk[] {
  return before === after ? [] : changesOf(splitLines(before), splitLines(after));
}

/** The text with the accepted hunks in it: all of them give the new text, none the old one. */
export function applyHunks(
  before: string,
  hunks: readonly Hunk[],
  accepted: ReadonlySet<number>,
): string {
  const lines = splitLines(before);
  const result: string[] = [];
  let next = 0;
  for (const [index, hunk] of hunks.entries()) {
    const end = hunk.beforeIndex + hunk.beforeLines.length;
    if (hunk.beforeLines.some((line, offset) => lines[hunk.beforeIndex + offset] !== line)) {
      throw new Error("The hunks were made for another text.");
    }
    result.push(lines.slice(next, hunk.beforeIndex).join(""));
    result.push((accepted.has(index) ? hunk.afterLines : hunk.beforeLines).join(""));
    next = end;
  }
  result.push(lines.slice(next).join(""));
  return result.join("");
}

function changesOf(before: readonly string[], after: readonly string[]): Hunk[] {
  const shorter = Math.min(before.length, after.length);
  let front = 0;
  while (front < shorter && before[front] === after[front]) front++;
  let back = 0;
  while (back < shorter - front && before.at(-1 - back) === after.at(-1 - back)) back++;
  const oldLines = before.slice(front, before.length - back);
  const newLines = after.slice(front, after.length - back);
  const whole = {
    beforeIndex: front,
    beforeLines: oldLines,
    afterIndex: front,
    afterLines: newLines,
  };
  if (oldLines.length === 0 || newLines.length === 0) return [whole];

  const parts = diffArrays(oldLines, newLines, { maxEditLength: CHANGED_LINES_MAX });
  if (parts === undefined) return [whole];
  const hunks: Hunk[] = [];
  let [beforeIndex, afterIndex] = [front, front];
  let open: { beforeLines: string[]; afterLines: string[] } | undefined;
  for (const part of parts) {
    if (!part.added && !part.removed) {
      open = undefined;
      beforeIndex += part.count;
      afterIndex += part.count;
      continue;
    }
    if (open === undefined) {
      open = { beforeLines: [], afterLines: [] };
      hunks.push({ beforeIndex, afterIndex, ...open });
    }
    // One by one: spreading an array of many lines into arguments overflows the stack.
    for (const line of part.value) (part.added ? open.afterLines : open.beforeLines).push(line);
    if (part.added) afterIndex += part.count;
    else beforeIndex += part.count;
  }
  return hunks;
}
