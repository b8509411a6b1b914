import { lineKey, type SourceText } from "./source-text.ts";

/** Places that are looked at; a text that has more of them is ambiguous in any case. */
const PLACES_MAX = 200;

/**
 * The lines (as index of the first) that equal those of a search but for white space. Among several
 * the ones that differ least count: only behind their text, then in their common indentation, then
 * anywhere.
 */
export function whitespaceMatches(source: SourceText, search: readonly string[]): number[] {
  const places = runsOf(search.map(lineKey), source.keys);
  for (const alike of [sameButTrailing, sameButIndented]) {
    const closer = places.filter((start) =>
      alike(source.lines.slice(start, start + search.length), search),
    );
    if (closer.length > 0) return closer;
  }
  return places;
}

/** Knuth, Morris and Pratt: one pass, however often the lines repeat. */
function runsOf(wanted: readonly string[], lines: readonly string[]): number[] {
  const fallback = [0];
  for (let index = 1, matched = 0; index < wanted.length; index++) {
    while (matched > 0 && wanted[index] !== wanted[matched]) matched = fallback[matched - 1]!;
    if (wanted[index] === wanted[matched]) matched++;
    fallback.push(matched);
  }
  const starts: number[] = [];
  for (let index = 0, matched = 0; index < lines.length; index++) {
    while (matched > 0 && lines[index] !== wanted[matched]) matched = fallback[matched - 1]!;
    if (lines[index] === wanted[matched]) matched++;
    if (matched < wanted.length) continue;
    starts.push(index + 1 - wanted.length);
    if (starts.length === PLACES_MAX) break;
    matched = fallback[matched - 1]!;
  }
  return starts;
}

function sameButTrailing(lines: readonly string[], search: readonly string[]): boolean {
  return lines.every((line, index) => line.trimEnd() === search[index]!.trimEnd());
}

/** Whether one of the two is the other, indented further by the same white space in every line. */
function sameButIndented(lines: readonly string[], search: readonly string[]): boolean {
  const filled = search.flatMap((line, index) =>
    line.trim() === "" ? [] : [[lines[index]!.trimEnd(), line.trimEnd()] as const],
  );
  const [line, searched] = filled[0] ?? ["", ""];
  if (line.length < searched.length) return isIndented(filled);
  return isIndented(filled.map(([a, b]) => [b, a] as const));
}

/** Whether each second text is the first one behind a prefix of white space, the same for all. */
function isIndented(pairs: readonly (readonly [string, string])[]): boolean {
  const [shorter, longer] = pairs[0] ?? ["", ""];
  const prefix = longer.slice(0, longer.length - shorter.length);
  return prefix.trim() === "" && pairs.every(([text, indented]) => prefix + text === indented);
}
