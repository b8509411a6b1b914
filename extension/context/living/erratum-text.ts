import { fencedText } from "./fenced-text.ts";
import { type FileView, shownText, textOfView, titleOf } from "./file-view.ts";
import { type Hunk, lineHunks } from "./line-hunks.ts";

/** Unchanged lines that are shown around a change, so that its place can be recognised. */
const CONTEXT_LINES = 1;

/**
 * A note that brings a reader of the old view up to date. It tells the new lines and never repeats
 * the old ones: a model that reads both may well go by the old. Its form is part of what a session
 * has stored, and is described in docs/context-window.md.
 */
export function erratumText(before: FileView, after: FileView): string {
  const { content, label, language } = after;
  if (content.kind === "missing") {
    return `${label}: what was shown of it above no longer holds: ${content.reason}.`;
  }
  const renamed = before.label === label ? [] : [`${before.label} is now named ${label}.`];
  if (before.content.kind === "missing") {
    return [...renamed, `${label} can be shown again:`, textOfView(after)].join("\n");
  }
  const [oldText, newText] = [shownText(before), shownText(after)];
  if (oldText === newText) return renamed.join("\n");
  const lines = newText.split("\n");
  const firstLine = after.lines?.start ?? 0;
  const sections = joined(lineHunks(oldText, newText)).map((hunk) =>
    section(hunk, lines, firstLine, language),
  );
  const heading = `${titleOf(after)} has changed since it was shown above.`;
  return [...renamed, heading, ...sections].join("\n");
}

/** Changes whose surroundings would overlap are told together. */
function joined(hunks: readonly Hunk[]): Hunk[] {
  const all: Hunk[] = [];
  for (const hunk of hunks) {
    const last = all.at(-1);
    if (last === undefined || hunk.newStart - last.newEnd > 2 * CONTEXT_LINES) all.push(hunk);
    else all[all.length - 1] = { ...last, oldEnd: hunk.oldEnd, newEnd: hunk.newEnd };
  }
  return all;
}

function section(
  { oldStart, oldEnd, newStart, newEnd }: Hunk,
  lines: readonly string[],
  firstLine: number,
  language: string,
): string {
  const from = Math.max(0, newStart - CONTEXT_LINES);
  const to = Math.min(lines.length, newEnd + CONTEXT_LINES);
  const removed = newStart === newEnd ? `, ${linesIn(oldEnd - oldStart)} removed between them` : "";
  const place = `Lines ${firstLine + from + 1}–${firstLine + to} now read${removed}:`;
  return fencedText(place, lines.slice(from, to).join("\n"), language).trimEnd();
}

function linesIn(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}
