import type { TextChange } from "../../protocol/edit.ts";

export type Position = TextChange["range"]["start"];

const LINE_END = /\r\n|\r|\n/g;

/** The position of an offset, which must not stand between the two halves of a CRLF. */
export function positionAt(text: string, offset: number): Position {
  let line = 0;
  let lineStart = 0;
  for (const { index, 0: lineEnd } of text.matchAll(LINE_END)) {
    const next = index + lineEnd.length;
    if (next > offset) break;
    line++;
    lineStart = next;
  }
  return { line, character: offset - lineStart };
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
