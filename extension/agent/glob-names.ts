/** What may stand at a place: one thing that fits, or any number of whatever. */
type Part<T> = "many" | ((item: T) => boolean);

/** Whether the names of a whole path match a glob without braces. */
export function namesMatcher(glob: string): (names: readonly string[]) => boolean {
  const parts = glob
    .split("/")
    .filter((name) => name !== "")
    .map((name): Part<string> => (name === "**" ? "many" : nameMatcher(name)));
  return (names) => matchesAll(parts, names);
}

function nameMatcher(glob: string): (name: string) => boolean {
  const parts: Part<string>[] = [];
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at]!;
    if (character === "*") {
      if (parts.at(-1) !== "many") parts.push("many");
    } else if (character === "?") {
      parts.push(() => true);
    } else if (character === "[" && glob.includes("]", at + 2)) {
      const close = glob.indexOf("]", at + 2);
      parts.push(oneOf(glob.slice(at + 1, close)));
      at = close;
    } else {
      const literal = character === "\\" ? (glob[++at] ?? character) : character;
      parts.push((given) => given === literal);
    }
  }
  return (name) => matchesAll(parts, name);
}

/** Of `abc`, `a-z` or, with `!` or `^` before it, none of these. */
function oneOf(inside: string): (character: string) => boolean {
  const isNegated = inside.startsWith("!") || inside.startsWith("^");
  const set = isNegated ? inside.slice(1) : inside;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < set.length; at++) {
    const first = set[at]!;
    const isRange = set[at + 1] === "-" && at + 2 < set.length;
    ranges.push([first, isRange ? set[at + 2]! : first]);
    if (isRange) at += 2;
  }
  return (character) =>
    ranges.some(([first, last]) => first <= character && character <= last) !== isNegated;
}

/**
 * Whether the parts cover all of the items in their order. Where something does not fit, only the latest
 * “many” takes one more: what an earlier one could take as well, the latest can.
 */
function matchesAll<T>(parts: readonly Part<T>[], items: ArrayLike<T>): boolean {
  let part = 0;
  let item = 0;
  let manyPart = -1;
  let manyItem = 0;
  while (item < items.length) {
    const wanted = parts[part];
    if (wanted === "many") {
      manyPart = part++;
      manyItem = item;
    } else if (wanted?.(items[item]!) === true) {
      part++;
      item++;
    } else if (manyPart >= 0) {
      part = manyPart + 1;
      item = ++manyItem;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((left) => left === "many");
}
