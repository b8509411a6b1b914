import type { TextChange } from "../../protocol/edit.ts";

export type Position = TextChange["range"]["start"];

const LINE_END = /\r\n|\r|\n/g;

/** The position of an offset, which must not stand between the two halves of a CRLF. */
export function positionAt(text: string, offset: number): Position {
  return positionBehind({ line: 0, character: 0 }, text.slice(0, offset));
}

/** The position at which a text ends that begins at another position. */
export function positionBehind({ line, character }: Position, text: string): Position {
  const ends = lineEnds(text);
  if (ends.count === 0) return { line, character: character + text.length };
  return { line: line + ends.count, character: text.length - ends.lastEnd };
}

/** How many lines end in a text, and where the last of them does. */
function lineEnds(text: string): { readonly count: number; readonly lastEnd: number } {
  let count = 0;
  let lastEnd = 0;
  // Looking for one character is much faster than matching a pattern, and most texts have no CR.
  if (!text.includes("\r")) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", lastEnd)) {
      count++;
      lastEnd = at + 1;
    }
    return { count, lastEnd };
  }
  for (const { index, 0: lineEnd } of text.matchAll(LINE_END)) {
    count++;
    lastEnd = index + lineEnd.length;
  }
  return { count, lastEnd };
}

/** The offset of a position. One outside the text is a bug of the caller, so it is not clamped. */
export function offsetAt(text: string, { line, character }: Position): number {
  let lineStart = 0;
  let lineStop = text.length;
  let index = 0;
  for (const end of text.matchAll(LINE_END)) {
    if (index === line) {
      lineStop = end.index;
      break;
    }
    index++;
    lineStart = end.index + end[0].length;
  }
  if (index !== line || character < 0 || lineStart + character > lineStop) {
    throw new RangeError(`Line ${line}, character ${character} is outside the text.`);
  }
  return lineStart + character;
}
