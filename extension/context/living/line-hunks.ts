import { commonPrefixLength, commonSuffixLength } from "../common-ends.ts";
import { longestIncreasing } from "../longest-increasing.ts";

/** Lines of the one text that read as those lines in the other; from zero, ends excluded. */
export type Hunk = {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
};

/** A stretch of both texts that is compared. */
type Region = {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly oldStart: number;
  readonly newStart: number;
};

/**
 * The lines in which two texts differ. Lines that occur once in both, in the same order, hold the
 * rest in place (a patience diff), which keeps a moved brace from joining unrelated changes.
 */
export function lineHunks(before: string, after: string): Hunk[] {
  const shared = commonPrefixLength(before, after);
  const start = before.slice(0, shared).lastIndexOf("\n") + 1;
  const back = commonBack(before, after, start);
  const startLine = countLineEnds(before, start);
  const region = trimmed({
    before: linesOf(before.slice(start, before.length - back), back > 0),
    after: linesOf(after.slice(start, after.length - back), back > 0),
    oldStart: startLine,
    newStart: startLine,
  });
  return split(region).flatMap((part) => hunkOf(trimmed(part)));
}

/** What both share at the back, in whole lines. */
function commonBack(before: string, after: string, start: number): number {
  const max = Math.min(before.length, after.length) - start;
  const shared = commonSuffixLength(before, after, Math.max(0, max));
  const lineEnd = before.indexOf("\n", before.length - shared);
  return lineEnd < 0 || shared === 0 ? 0 : before.length - lineEnd - 1;
}

/** @param terminated whether the text ends where a line does. */
function linesOf(text: string, terminated: boolean): string[] {
  if (!terminated) return text.split("\n");
  return text === "" ? [] : text.slice(0, -1).split("\n");
}

function countLineEnds(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function trimmed({ before, after, oldStart, newStart }: Region): Region {
  const max = Math.min(before.length, after.length);
  let front = 0;
  while (front < max && before[front] === after[front]) front++;
  let back = 0;
  while (back < max - front && before.at(-1 - back) === after.at(-1 - back)) back++;
  return {
    before: before.slice(front, before.length - back),
    after: after.slice(front, after.length - back),
    oldStart: oldStart + front,
    newStart: newStart + front,
  };
}

/** The stretches between the lines that hold. */
function split({ before, after, oldStart, newStart }: Region): Region[] {
  const places = new Map(uniqueLines(after).map(([line, index]) => [line, index]));
  const pairs = uniqueLines(before).flatMap(([line, oldIndex]) => {
    const newIndex = places.get(line);
    return newIndex === undefined ? [] : [{ oldIndex, newIndex }];
  });
  const kept = longestIncreasing(pairs.map(({ newIndex }) => newIndex));
  const anchors = pairs.filter(({ newIndex }) => kept.has(newIndex));
  const regions: Region[] = [];
  let oldFrom = 0;
  let newFrom = 0;
  for (const { oldIndex, newIndex } of [
    ...anchors,
    { oldIndex: before.length, newIndex: after.length },
  ]) {
    regions.push({
      before: before.slice(oldFrom, oldIndex),
      after: after.slice(newFrom, newIndex),
      oldStart: oldStart + oldFrom,
      newStart: newStart + newFrom,
    });
    oldFrom = oldIndex + 1;
    newFrom = newIndex + 1;
  }
  return regions;
}

function uniqueLines(lines: readonly string[]): [string, number][] {
  const seen = new Map<string, number | null>();
  for (const [index, line] of lines.entries()) seen.set(line, seen.has(line) ? null : index);
  return [...seen].filter((entry): entry is [string, number] => entry[1] !== null);
}

function hunkOf({ before, after, oldStart, newStart }: Region): Hunk[] {
  if (before.length === 0 && after.length === 0) return [];
  const [oldEnd, newEnd] = [oldStart + before.length, newStart + after.length];
  return [{ oldStart, oldEnd, newStart, newEnd }];
}
