import { lineChanges } from "./line-changes.ts";
import { indentOf, reindenter, type IndentPair } from "./reindent.ts";

/** Lines on either side of a change that show how its file is indented. */
const INDENTS_NEAR_MAX = 64;

/**
 * What the lines of a file become when a replacement was written for lines that only resemble them.
 * Lines that stand in search and replacement alike stay as they are in the file; new ones are
 * indented the way the file is. `partners` gives for each line of the search that of the file, or -1.
 * Undefined where lines that the search does not know stand among those that are replaced.
 */
export function replacedLines(
  file: readonly string[],
  search: readonly string[],
  replace: readonly string[],
  partners: readonly number[],
): readonly string[] | undefined {
  const result: string[] = [];
  let [next, searched] = [0, 0];
  const keepUpTo = (end: number) => {
    while (next < end) result.push(file[next++]!);
  };
  for (const hunk of lineChanges(asText(search), asText(replace))) {
    for (const partner of partners.slice(searched, hunk.beforeIndex)) keepUpTo(partner + 1);
    searched = hunk.beforeIndex + hunk.beforeLines.length;
    const gone = partners.slice(hunk.beforeIndex, searched).filter((partner) => partner >= 0);
    // What the file has more in front of the removed lines was not meant.
    if (gone[0] !== undefined) keepUpTo(gone[0]);
    if (gone.some((partner, index) => partner !== next + index)) return undefined;
    next += gone.length;
    const reindent = reindenter(indentsNear(hunk.beforeIndex, file, search, partners));
    const afterEnd = hunk.afterIndex + hunk.afterLines.length;
    for (const line of replace.slice(hunk.afterIndex, afterEnd)) result.push(reindent(line));
  }
  keepUpTo(file.length);
  return result;
}

/** How search and file indent the same lines, the nearest to a place first. */
function indentsNear(
  place: number,
  file: readonly string[],
  search: readonly string[],
  partners: readonly number[],
): IndentPair[] {
  const pairOf = (index: number): IndentPair[] => {
    const [from, to] = [search[index] ?? "", file[partners[index] ?? -1] ?? ""];
    if (from.trim() === "" || to.trim() === "") return [];
    return [{ from: indentOf(from), to: indentOf(to) }];
  };
  const distances = Array.from({ length: INDENTS_NEAR_MAX }, (_, distance) => distance);
  return distances.flatMap((distance) => [
    ...pairOf(place + distance),
    ...pairOf(place - 1 - distance),
  ]);
}

/** Each line with a line feed, and without white space at its end, which is no difference. */
function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
