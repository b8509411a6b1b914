/** How a line that stands both in a search and in a file is indented in each. */
export type IndentPair = { readonly from: string; readonly to: string };

export function indentOf(line: string): string {
  return /^\s*/.exec(line)![0];
}

/**
 * Indents new lines the way the file does: as the file indents lines that the search indents alike,
 * or else by the same difference to the nearest of them.
 */
export function reindenter(pairs: readonly IndentPair[]): (line: string) => string {
  const known = new Map<string, string>();
  for (const { from, to } of pairs) if (!known.has(from)) known.set(from, to);
  const unit = unitOf([...known].map(([from, to]) => ({ from, to })));
  return (line) => {
    const indent = indentOf(line);
    const body = line.slice(indent.length);
    return body === "" || known.size === 0 ? line : indentFor(indent, known, unit) + body;
  };
}

function indentFor(
  indent: string,
  known: ReadonlyMap<string, string>,
  unit: IndentPair | undefined,
): string {
  const same = known.get(indent);
  if (same !== undefined) return same;
  const froms = [...known.keys()].sort((a, b) => b.length - a.length);
  const below = froms.find((from) => indent.startsWith(from));
  if (below !== undefined) {
    return known.get(below)! + converted(indent.slice(below.length), unit);
  }
  const above = froms.findLast((from) => from.startsWith(indent));
  if (above === undefined) return converted(indent, unit);
  const to = known.get(above)!;
  const fewer = converted(above.slice(indent.length), unit).length;
  return to.slice(0, Math.max(0, to.length - fewer));
}

/** An indentation of the search in the units of the file. */
function converted(indent: string, unit: IndentPair | undefined): string {
  if (unit === undefined || indent.replaceAll(unit.from[0]!, "") !== "") return indent;
  const levels = Math.floor(indent.length / unit.from.length);
  return unit.to.repeat(levels) + " ".repeat(indent.length % unit.from.length);
}

/**
 * What one step is in the search and in the file, where that differs: tabs against spaces, or two
 * spaces against four. Seen between two lines, or at one whose kind of white space differs.
 */
function unitOf(pairs: readonly IndentPair[]): IndentPair | undefined {
  const sorted = pairs.toSorted((a, b) => a.from.length - b.from.length);
  for (const [index, pair] of sorted.entries()) {
    const inner = sorted[index + 1];
    if (inner !== undefined && inner.from.startsWith(pair.from) && inner.to.startsWith(pair.to)) {
      const step = smallest(inner.from.slice(pair.from.length), inner.to.slice(pair.to.length));
      if (step !== undefined) return step;
    }
    const kindDiffers = pair.from[0] !== undefined && pair.from[0] !== (pair.to[0] ?? pair.from[0]);
    const step = kindDiffers ? smallest(pair.from, pair.to) : undefined;
    if (step !== undefined) return step;
  }
  return undefined;
}

/** Both sides divided by the number of steps that they have in common. */
function smallest(from: string, to: string): IndentPair | undefined {
  if (from === "" || to === "" || !isUniform(from) || !isUniform(to)) return undefined;
  let [a, b] = [from.length, to.length];
  while (b > 0) [a, b] = [b, a % b];
  return { from: from.slice(0, from.length / a), to: to.slice(0, to.length / a) };
}

function isUniform(indent: string): boolean {
  return indent.replaceAll(indent[0]!, "") === "";
}
