import type { SourceText } from "./source-text.ts";

/** Places that are looked for; a model is told the first of them. */
const PLACES_MAX = 20;

/**
 * The offsets at which a search stands in a text, as it is. Where some of them are whole lines, only
 * those: `a = 1` means the line that says so, and not the beginning of `a = 10`.
 */
export function exactMatches(source: SourceText, search: string): readonly number[] {
  const { text } = source;
  const places: number[] = [];
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
    if (splitsCharacter(text, at) || splitsCharacter(text, at + search.length)) continue;
    if (places.push(at) === PLACES_MAX) break;
  }
  if (places.length < 2) return places;
  const wholeLines = wholeLineMatches(text, search);
  return wholeLines.length > 0 ? wholeLines : places;
}

/** Looked for from line to line, which is quick where a search stands in a text very often. */
function wholeLineMatches(text: string, search: string): number[] {
  const next = (from: number) => text.indexOf(`\n${search}`, from);
  const places: number[] = [];
  if (text.startsWith(search) && isWholeLines(text, 0, search.length)) places.push(0);
  for (let feed = next(0); feed >= 0 && places.length < PLACES_MAX; feed = next(feed + 1)) {
    if (isWholeLines(text, feed + 1, feed + 1 + search.length)) places.push(feed + 1);
  }
  return places;
}

/** Whether a range begins where a line does and ends where one does. */
export function isWholeLines(text: string, start: number, end: number): boolean {
  const begins = start === 0 || text[start - 1] === "\n";
  return begins && (end === text.length || text[end] === "\n" || text[end - 1] === "\n");
}

/** Whether a position lies between the two halves of one character. */
function splitsCharacter(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const behind = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && behind >= 0xdc00 && behind <= 0xdfff;
}
