import { ambiguous, failed, missing, type BlockFailure, type LineRange } from "./block-failure.ts";
import { exactMatches, isWholeLines } from "./exact-match.ts";
import { fuzzyMatch } from "./fuzzy-match.ts";
import { replacedLines } from "./replaced-lines.ts";
import type { SourceText } from "./source-text.ts";
import { whitespaceMatches } from "./whitespace-match.ts";

export type EditBlock = { readonly search: string; readonly replace: string };

/** How a block was found, and where in the text as it was before: lines from one, both inclusive. */
export type Match = {
  readonly how: "exact" | "whitespace" | "fuzzy";
  readonly startLine: number;
  readonly endLine: number;
  /** Share of equal characters, white space aside; 1 unless `how` is `fuzzy`. */
  readonly similarity: number;
};

/** The characters of the text that a block replaces, and by what. */
export type LocatedBlock = {
  readonly kind: "located";
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly match: Match;
};

/**
 * Finds the one place that a block means: its exact text, else the same text with other white space,
 * else what resembles it most by far.
 */
export function locateBlock(
  source: SourceText,
  { search, replace }: EditBlock,
  block: number,
): LocatedBlock | BlockFailure {
  const exact = exactMatches(source, search);
  if (exact.length === 1) return locatedExactly(source, exact[0]!, search, replace);
  if (exact.length > 1) {
    return ambiguous(
      block,
      exact.map((start) => linesOf(source, start, start + search.length)),
    );
  }
  const wanted = contentLines(search, replace);
  if (wanted.search.every((line) => line.trim() === "")) {
    return failed(block, "empty", `The search of block ${block + 1} holds white space only.`);
  }
  const starts = whitespaceMatches(source, wanted.search);
  const length = wanted.search.length;
  const ranges = starts.map((start) => ({ start, end: start + length }));
  if (ranges.length > 1) return ambiguous(block, ranges);
  if (ranges[0] !== undefined) {
    const found = { ...ranges[0], partners: wanted.search.map((_, index) => starts[0]! + index) };
    const located = locatedLoosely(source, found, wanted, { how: "whitespace", similarity: 1 });
    return located ?? missing(block, source);
  }

  const fuzzy = fuzzyMatch(source, wanted.search);
  if (fuzzy.kind === "missing") return missing(block, source, fuzzy.nearest);
  if (fuzzy.kind === "ambiguous") return ambiguous(block, fuzzy.alignments);
  const { alignment } = fuzzy;
  const { similarity } = alignment;
  const located = locatedLoosely(source, alignment, wanted, { how: "fuzzy", similarity });
  return located ?? missing(block, source, alignment);
}

function locatedExactly(
  source: SourceText,
  start: number,
  search: string,
  replace: string,
): LocatedBlock {
  let end = start + search.length;
  const { start: first, end: last } = linesOf(source, start, end);
  let replacement = replace;
  if (isWholeLines(source.text, start, end)) {
    // Whole lines stay whole lines: removing them leaves no empty line behind, and forgetting the
    // last line feed does not join what follows to them.
    if (replace === "" && source.text[end] === "\n" && !search.endsWith("\n")) end++;
    if (replace !== "" && search.endsWith("\n") && !replace.endsWith("\n")) replacement += "\n";
  }
  const match = { how: "exact", startLine: first + 1, endLine: last, similarity: 1 } as const;
  return { kind: "located", start, end, replacement, match };
}

function locatedLoosely(
  source: SourceText,
  found: LineRange & { readonly partners: readonly number[] },
  wanted: { readonly search: readonly string[]; readonly replace: readonly string[] },
  report: Pick<Match, "how" | "similarity">,
): LocatedBlock | undefined {
  const file = source.lines.slice(found.start, found.end);
  const partners = found.partners.map((partner) => (partner < 0 ? -1 : partner - found.start));
  const lines = replacedLines(file, wanted.search, wanted.replace, partners);
  if (lines === undefined) return undefined;
  const start = source.starts[found.start]!;
  const end = source.starts[found.end]!;
  const feed = lines.length > 0 && source.text[end - 1] === "\n" ? "\n" : "";
  const replacement = lines.join("\n") + feed;
  const match = { ...report, startLine: found.start + 1, endLine: found.end };
  return { kind: "located", start, end, replacement, match };
}

/** The lines of search and replacement, without the empty ones that both have around them. */
function contentLines(search: string, replace: string) {
  const result = { search: linesIn(search), replace: linesIn(replace) };
  const isBlank = (line: string | undefined) => line?.trim() === "";
  while (isBlank(result.search[0]) && isBlank(result.replace[0])) {
    result.search.shift();
    result.replace.shift();
  }
  while (isBlank(result.search.at(-1)) && isBlank(result.replace.at(-1))) {
    result.search.pop();
    result.replace.pop();
  }
  return result;
}

function linesIn(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function linesOf(source: SourceText, start: number, end: number): LineRange {
  return { start: source.lineAt(start), end: source.lineAt(Math.max(start, end - 1)) + 1 };
}
