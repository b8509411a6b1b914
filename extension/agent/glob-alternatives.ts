type Group = {
  readonly options: readonly string[];
  /** Where the rest begins. */
  readonly end: number;
};

const NUMBERS = /^(\d{1,4})\.\.(\d{1,4})$/u;

/** The globs without braces that a glob with braces stands for; `null` if there are more than `max`. */
export function alternativesOf(glob: string, max: number): readonly string[] | null {
  const open = nextOf(glob, "{", 0);
  if (open < 0) return [glob];
  const group = braces(glob, open, max);
  if (group === null) return null;
  const rests = alternativesOf(glob.slice(group.end), max);
  if (rests === null || rests.length * group.options.length > max) return null;
  const start = glob.slice(0, open);
  return group.options.flatMap((option) => rests.map((rest) => start + option + rest));
}

/** A brace that is never closed, or has nothing to choose from, stands for itself. */
function braces(glob: string, open: number, max: number): Group | null {
  const literal = { options: ["\\{"], end: open + 1 };
  let depth = 0;
  let from = open + 1;
  const parts: string[] = [];
  for (let at = open; at >= 0; at = nextOf(glob, "{,}", at + 1)) {
    if (glob[at] === "{") depth++;
    else if (glob[at] === "}") depth--;
    if (depth > 1 || (depth === 1 && glob[at] !== ",")) continue;
    parts.push(glob.slice(from, at));
    from = at + 1;
    if (depth === 0) break;
  }
  if (depth > 0) return literal;
  if (parts.length === 1) {
    const numbers = numbersIn(parts[0]!, max);
    return numbers.length === 0 ? literal : { options: numbers, end: from };
  }
  const options: string[] = [];
  for (const part of parts) {
    const some = alternativesOf(part, max);
    if (some === null || options.length + some.length > max) return null;
    options.push(...some);
  }
  return { options, end: from };
}

/** As in `{1..3}`; one more than `max` where there are more. */
function numbersIn(text: string, max: number): string[] {
  const [, first, last] = NUMBERS.exec(text) ?? [];
  if (first === undefined || last === undefined) return [];
  const [start, end] = [Number(first), Number(last)].toSorted((a, b) => a - b) as [number, number];
  return Array.from({ length: Math.min(end - start, max) + 1 }, (_, index) => `${start + index}`);
}

/** Where one of some characters stands next without a backslash before it. */
function nextOf(glob: string, characters: string, from: number): number {
  for (let at = from; at < glob.length; at++) {
    if (glob[at] === "\\") at++;
    else if (characters.includes(glob[at]!)) return at;
  }
  return -1;
}
