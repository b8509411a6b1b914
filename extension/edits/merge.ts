import { lineChanges, type Hunk } from "./line-changes.ts";
import { splitLines } from "./split-lines.ts";

/** Regions that a sentence names; the others are counted. */
const REGIONS_NAMED_MAX = 3;

/** Lines that both sides changed, differently. Line numbers are those of the base, from one. */
export type ConflictRegion = {
  readonly startLine: number;
  /** One less than `startLine` where both sides inserted something in front of it. */
  readonly endLine: number;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
};

export type MergeOutcome =
  | { readonly kind: "merged"; readonly text: string }
  | {
      readonly kind: "conflict";
      readonly sentence: string;
      readonly regions: readonly ConflictRegion[];
    };

/** Base lines `start` to `end` (exclusive), and the hunks of each side that touch them. */
type Region = { start: number; end: number; ours: Hunk[]; theirs: Hunk[] };

export type MergeTexts = {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
};

/**
 * Brings together two texts that were both made from `base`. Changes that overlap or stand side by
 * side conflict, unless both sides made the same one: without an unchanged line between them it is
 * unknown which belongs first, and a wrong guess would go unnoticed.
 */
export function mergeThreeWay(texts: MergeTexts): MergeOutcome {
  const { text, conflicts } = merge(texts);
  if (conflicts.length === 0) return { kind: "merged", text };
  return { kind: "conflict", sentence: conflictSentence(conflicts), regions: conflicts };
}

/** The same, but where changes conflict, `theirs` stands. */
export function mergePreferringTheirs(texts: MergeTexts): string {
  return merge(texts).text;
}

function merge({ base, ours, theirs }: MergeTexts): {
  readonly text: string;
  readonly conflicts: readonly ConflictRegion[];
} {
  if (ours === theirs || theirs === base) return { text: ours, conflicts: [] };
  if (ours === base) return { text: theirs, conflicts: [] };

  const lines = splitLines(base);
  const merged: string[] = [];
  const conflicts: ConflictRegion[] = [];
  let next = 0;
  for (const region of regionsOf(lineChanges(base, ours), lineChanges(base, theirs))) {
    const { start, end } = region;
    const oursText = changed(lines, region, region.ours);
    const theirsText = changed(lines, region, region.theirs);
    merged.push(lines.slice(next, start).join(""));
    merged.push(region.theirs.length > 0 ? theirsText : oursText);
    next = end;
    if (region.ours.length > 0 && region.theirs.length > 0 && oursText !== theirsText) {
      const baseText = lines.slice(start, end).join("");
      const numbers = { startLine: start + 1, endLine: end };
      conflicts.push({ ...numbers, base: baseText, ours: oursText, theirs: theirsText });
    }
  }
  merged.push(lines.slice(next).join(""));
  return { text: merged.join(""), conflicts };
}

function regionsOf(ours: readonly Hunk[], theirs: readonly Hunk[]): Region[] {
  const hunks = [
    ...ours.map((hunk) => ({ hunk, side: "ours" as const })),
    ...theirs.map((hunk) => ({ hunk, side: "theirs" as const })),
  ].sort((a, b) => a.hunk.beforeIndex - b.hunk.beforeIndex);
  const regions: Region[] = [];
  for (const { hunk, side } of hunks) {
    const end = hunk.beforeIndex + hunk.beforeLines.length;
    let region = regions.at(-1);
    if (region === undefined || hunk.beforeIndex > region.end) {
      region = { start: hunk.beforeIndex, end, ours: [], theirs: [] };
      regions.push(region);
    }
    region.end = Math.max(region.end, end);
    region[side].push(hunk);
  }
  return regions;
}

/** How one side reads in the lines of a region. */
function changed(lines: readonly string[], region: Region, hunks: readonly Hunk[]): string {
  const result: string[] = [];
  let next = region.start;
  for (const hunk of hunks) {
    result.push(lines.slice(next, hunk.beforeIndex).join(""), hunk.afterLines.join(""));
    next = hunk.beforeIndex + hunk.beforeLines.length;
  }
  result.push(lines.slice(next, region.end).join(""));
  return result.join("");
}

function conflictSentence(regions: readonly ConflictRegion[]): string {
  const named = regions.slice(0, REGIONS_NAMED_MAX).map(({ startLine, endLine }) => {
    if (endLine < startLine) return `in front of line ${startLine}`;
    return startLine === endLine ? `at line ${startLine}` : `at lines ${startLine}-${endLine}`;
  });
  const more = regions.length - named.length;
  if (more > 0) named.push(`at ${more} more ${more === 1 ? "place" : "places"}`);
  const last = named.pop()!;
  const places = named.length === 0 ? last : `${named.join(", ")} and ${last}`;
  return `The file was changed meanwhile in the same lines: ${places} (as they were numbered before).`;
}
