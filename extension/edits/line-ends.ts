import { lineChanges } from "./line-changes.ts";
import { splitLines } from "./split-lines.ts";

export type LineEnd = "\n" | "\r\n" | "\r";

/** How the lines of a text end. `each` is there only where they differ, one for each line feed. */
export type LineEnds = {
  readonly eol: LineEnd | "mixed";
  readonly each?: readonly LineEnd[];
};

/** A text with line feeds only, and what it takes to put its own line ends back. */
export function takeLineEnds(text: string): { readonly text: string; readonly ends: LineEnds } {
  if (!text.includes("\r")) return { text, ends: { eol: "\n" } };
  const each: LineEnd[] = [];
  const plain = text.replace(/\r\n|\r|\n/g, (end) => {
    each.push(end as LineEnd);
    return "\n";
  });
  const first = each[0]!;
  const uniform = each.every((end) => end === first);
  return { text: plain, ends: uniform ? { eol: first } : { eol: "mixed", each } };
}

/** Puts line ends into a changed text: a line that has not changed keeps the end that it had. */
export function putLineEnds(text: string, like: { text: string; ends: LineEnds }): string {
  const plain = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  const { eol, each } = like.ends;
  if (eol === "\n") return plain;
  if (each === undefined) return plain.replaceAll("\n", eol === "mixed" ? "\n" : eol);
  const ends = endsOf(plain, like.text, each);
  let line = 0;
  return plain.replaceAll("\n", () => ends[line++]!);
}

/** The ends of the changed text: a changed line takes that of the line it replaces, or the last. */
function endsOf(text: string, before: string, each: readonly LineEnd[]): LineEnd[] {
  const usual = mostUsed(each);
  const ends: LineEnd[] = [];
  let next = 0;
  for (const { beforeIndex, beforeLines, afterLines } of lineChanges(before, text)) {
    while (next < beforeIndex) ends.push(each[next++]!);
    for (let offset = 0; offset < afterLines.length; offset++) {
      const replaced = offset < beforeLines.length ? each[beforeIndex + offset] : undefined;
      ends.push(replaced ?? ends.at(-1) ?? usual);
    }
    next += beforeLines.length;
  }
  const linesMax = splitLines(text).length;
  while (ends.length < linesMax) ends.push(each[next++] ?? usual);
  return ends;
}

function mostUsed(each: readonly LineEnd[]): LineEnd {
  const count = (end: LineEnd) => each.filter((other) => other === end).length;
  const kinds: LineEnd[] = ["\n", "\r\n", "\r"];
  return kinds.reduce((best, end) => (count(end) > count(best) ? end : best));
}
