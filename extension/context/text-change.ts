import type { TextChange } from "../../protocol/edit.ts";
import { commonPrefixLength, commonSuffixLength } from "./common-ends.ts";
import { offsetAt, positionAt, positionBehind } from "./position.ts";

/** Applies changes one after the other, each to the result of the last, as LSP does. */
export function applyTextChanges(text: string, changes: readonly TextChange[]): string {
  let changed = text;
  for (const { range, text: replacement } of changes) {
    const start = offsetAt(changed, range.start);
    const end = offsetAt(changed, range.end);
    if (end < start) throw new RangeError("A text change ends before it starts.");
    changed = changed.slice(0, start) + replacement + changed.slice(end);
  }
  return changed;
}

/**
 * The smallest single change from one text to the other: what they share at the front and at the
 * back stays out. Its ends never split a surrogate pair or a CRLF, neither in the old text nor in
 * the new one: half a character has no UTF-8, and there is no position inside a line end.
 */
export function diffTexts(before: string, after: string): TextChange {
  const sharedMax = Math.min(before.length, after.length);
  let start = commonPrefixLength(before, after);
  if (splits(before, start) || splits(after, start)) start--;
  let back = commonSuffixLength(before, after, sharedMax - start);
  if (splits(before, before.length - back) || splits(after, after.length - back)) back--;
  const startPosition = positionAt(before, start);
  const replaced = before.slice(start, before.length - back);
  return {
    range: { start: startPosition, end: positionBehind(startPosition, replaced) },
    text: after.slice(start, after.length - back),
  };
}

function splits(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const left = text.charCodeAt(offset - 1);
  const right = text.charCodeAt(offset);
  return (
    (left === CARRIAGE_RETURN && right === LINE_FEED) ||
    (left >= 0xd800 && left < 0xdc00 && right >= 0xdc00 && right < 0xe000)
  );
}

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
