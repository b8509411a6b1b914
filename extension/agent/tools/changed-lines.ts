import { fencedText } from "../../context/living/fenced-text.ts";
import { type Hunk, lineChanges } from "../../edits/line-changes.ts";
import { languageOf } from "../dialect/language-of.ts";
import { counted } from "./counted.ts";
import { lineCount } from "./line-count.ts";

/** Longer changes are not repeated: the model has just written them. */
const REPEATED_LINES_MAX = 30;
const REPEATED_CHARACTERS_MAX = 4_000;
/** A longer line beside a change is left out: it would take more room than knowing the place is worth. */
const NEIGHBOUR_CHARACTERS_MAX = 400;
/** All that one result repeats. Behind it, changes are named by their places alone. */
const RESULT_CHARACTERS_MAX = 12_000;
/** Changes that are named; the others are counted. */
const PLACES_MAX = 50;

/** Lines from zero, the end excluded. */
type Lines = { readonly from: number; readonly to: number };

/**
 * Where a change stands now, in the lines of the file after it, with one line around. Only the new
 * text is shown: a model that reads the old value again may well go by it.
 */
export function changedLines(name: string, before: string, after: string): string {
  const lines = after.split("\n").slice(0, lineCount(after));
  const changes = lineChanges(before, after);
  const parts: string[] = [];
  let room = RESULT_CHARACTERS_MAX;
  for (const change of changes.slice(0, PLACES_MAX)) {
    const place = withShortNeighbours(lines, change);
    const text = lines.slice(place.from, place.to).join("\n");
    const isRepeated =
      place.to - place.from <= REPEATED_LINES_MAX &&
      text.length <= Math.min(REPEATED_CHARACTERS_MAX, room);
    parts.push(
      isRepeated
        ? fencedText(`${headingOf(place)}:`, text, languageOf(name)).trimEnd()
        : `${headingOf(place)} as you wrote ${isOne(place) ? "it" : "them"}.`,
    );
    if (isRepeated) room -= text.length;
  }
  const more = changes.length - parts.length;
  if (more > 0) parts.push(`There are ${counted(more, "more change")}.`);
  return parts.join("\n");
}

/** The place of a change. Where lines went away, there is nothing but their neighbours to name it by. */
function withShortNeighbours(
  lines: readonly string[],
  { afterIndex, afterLines }: Pick<Hunk, "afterIndex" | "afterLines">,
): Lines {
  const end = afterIndex + afterLines.length;
  const isShort = (index: number): boolean =>
    (lines[index]?.length ?? 0) <= NEIGHBOUR_CHARACTERS_MAX || afterLines.length === 0;
  const from = afterIndex > 0 && isShort(afterIndex - 1) ? afterIndex - 1 : afterIndex;
  const to = end < lines.length && isShort(end) ? end + 1 : Math.min(lines.length, end);
  return { from, to };
}

function headingOf(place: Lines): string {
  const { from, to } = place;
  return isOne(place) ? `Line ${to} now reads` : `Lines ${from + 1}–${to} now read`;
}

function isOne({ from, to }: Lines): boolean {
  return to - from === 1;
}
