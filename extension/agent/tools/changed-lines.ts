import { fencedText } from "../../context/living/fenced-text.ts";
import { lineChanges } from "../../edits/line-changes.ts";
import { languageOf } from "../dialect/language-of.ts";
import { lineCount } from "./line-count.ts";

/** Longer changes are not repeated: the model has just written them. */
const REPEATED_LINES_MAX = 30;

/**
 * Where a change stands now, in the lines of the file after it, with one line around. Only the new
 * text is shown: a model that reads the old value again may well go by it.
 */
export function changedLines(name: string, before: string, after: string): string {
  const lines = after.split("\n").slice(0, lineCount(after));
  const parts = lineChanges(before, after).map(({ afterIndex, afterLines }) => {
    const from = Math.max(0, afterIndex - 1);
    const to = Math.min(lines.length, afterIndex + afterLines.length + 1);
    const place = to - from === 1 ? `Line ${to} now reads` : `Lines ${from + 1}–${to} now read`;
    if (to - from > REPEATED_LINES_MAX) return `${place} as you wrote them.`;
    return fencedText(`${place}:`, lines.slice(from, to).join("\n"), languageOf(name)).trimEnd();
  });
  return parts.join("\n");
}
