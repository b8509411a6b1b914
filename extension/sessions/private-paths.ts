/** A folder of this machine, and what stands for it in what leaves it. */
export type PrivatePath = { readonly path: string; readonly shownAs: string };

/** A shorter one, such as `/`, is in everything and says nothing of anybody. */
const PATH_CHARACTERS_MIN = 3;

/** Says the same of a text without saying where things lie on this machine. */
export function withoutPaths(text: string, paths: readonly PrivatePath[]): string {
  // A folder in another one goes first, or nothing of it would be left to find.
  const longestFirst = paths
    .filter(({ path }) => path.length >= PATH_CHARACTERS_MIN)
    .toSorted((a, b) => b.path.length - a.path.length);
  return longestFirst.reduce(
    (shown, { path, shownAs }) => shown.replaceAll(patternOf(path), () => shownAs),
    text,
  );
}

/** The same for all texts in a value of JSON. */
export function valueWithoutPaths(value: unknown, paths: readonly PrivatePath[]): unknown {
  if (typeof value === "string") return withoutPaths(value, paths);
  if (Array.isArray(value)) return value.map((each: unknown) => valueWithoutPaths(each, paths));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]: [string, unknown]) => [
    name,
    valueWithoutPaths(each, paths),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** Not where only the beginning of a name is the same. On Windows, in any spelling. */
function patternOf(path: string): RegExp {
  const steps = path.split(/[/\\]/u).map((step) => step.replaceAll(/[^\p{L}\p{N}]/gu, escaped));
  const isWindows = /^[a-z]:/iu.test(path);
  const separator = isWindows ? String.raw`[/\\]+` : "/";
  return new RegExp(
    `${steps.join(separator)}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
    isWindows ? "giu" : "gu",
  );
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
