import { fencedText } from "./fenced-text.ts";
import type { Hunk } from "./line-hunks.ts";
import type { ReadableText } from "./readable-text.ts";

/** From zero, the end excluded. */
export type LineRange = { readonly start: number; readonly end: number };

/** What a window shows of a file: all of it, or some of its lines. */
export type FileView = {
  /** The file's name, as people know it. */
  readonly label: string;
  readonly language: string;
  /** Of the whole file, also where only some lines are shown: their place is found by it. */
  readonly content: ReadableText;
  /** `null` shows all. */
  readonly lines: LineRange | null;
};

/** How a view stands in the window: a heading, then the text in a fence. */
export function textOfView(view: FileView): string {
  const { content, label, language } = view;
  if (content.kind === "missing") return `${label}\n(It cannot be shown: ${content.reason}.)\n`;
  return fencedText(titleOf(view), shownText(view), language);
}

/** The name of the file, and of the lines if not all are shown. */
export function titleOf({ label, lines }: FileView): string {
  return lines === null ? label : `${label}, lines ${lines.start + 1}–${lines.end}`;
}

/** The text that is shown; empty when there is none. */
export function shownText({ content, lines }: FileView): string {
  if (content.kind === "missing") return "";
  if (lines === null) return content.text;
  return content.text.split("\n").slice(lines.start, lines.end).join("\n");
}

/** Whether a reader could tell the one from the other. Lines may have moved as they are. */
export function looksLike(a: FileView, b: FileView): boolean {
  if (a.label !== b.label || a.content.kind !== b.content.kind) return false;
  if (a.content.kind === "missing" || b.content.kind === "missing") {
    return JSON.stringify(a.content) === JSON.stringify(b.content);
  }
  return a.content.text === b.content.text || shownText(a) === shownText(b);
}

/** Where lines stand after a change, or `null` when nothing is left of them. */
export function mapLines({ start, end }: LineRange, hunks: readonly Hunk[]): LineRange | null {
  let newStart = start;
  let newEnd = end;
  for (const hunk of hunks) {
    const grownBy = hunk.newEnd - hunk.newStart - (hunk.oldEnd - hunk.oldStart);
    if (hunk.oldEnd <= start) newStart += grownBy;
    else if (hunk.oldStart < start) newStart = hunk.newStart;
    if (hunk.oldStart >= end) continue;
    newEnd = hunk.oldEnd <= end ? newEnd + grownBy : hunk.newEnd;
  }
  return newStart < newEnd ? { start: newStart, end: newEnd } : null;
}
