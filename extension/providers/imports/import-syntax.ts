/**
 * How a language names other files of the same project. White space in patterns is bounded, because a file of nothing else
 * would be gone through again from each of its characters.
 */
type ImportSyntax = {
  readonly ends: RegExp;
  /** Each with the named file in its first group. */
  readonly patterns: readonly RegExp[];
  /** Where the named file may be, best first, for a name and the folder of the file that names it. */
  readonly candidates: (name: string, folder: string) => readonly string[];
};

const SCRIPT_ENDS = [
  ".ts",
  ".tsx",
  ".js",
  ".jsx",
  ".mjs",
  ".mts",
  ".d.ts",
  ".json",
  ".vue",
  ".svelte",
];
const QUOTED = `["']([^"'\\n]+)["']`;

const SYNTAXES: readonly ImportSyntax[] = [
  {
    ends: /\.([cm]?[jt]sx?|vue|svelte)$/iu,
    patterns: [
      new RegExp(`\\bfrom\\s{0,9}${QUOTED}`, "gu"),
      new RegExp(`\\bimport\\s{0,9}${QUOTED}`, "gu"),
      new RegExp(`\\b(?:import|require)\\(\\s{0,9}${QUOTED}\\s{0,9}\\)`, "gu"),
    ],
    candidates: (name, folder) =>
      name.startsWith(".") ? scriptCandidates(joined(folder, name)) : [],
  },
  {
    ends: /\.pyi?$/iu,
    patterns: [
      /^[ \t]*from[ \t]{1,9}([.\w]+)[ \t]{1,9}import\b/gmu,
      /^[ \t]*import[ \t]{1,9}([\w.]+)/gmu,
    ],
    candidates: pythonCandidates,
  },
  {
    ends: /\.(c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm)$/iu,
    patterns: [/^[ \t]*#[ \t]{0,9}(?:include|import)[ \t]{1,9}"([^"\n]+)"/gmu],
    candidates: (name, folder) => [
      joined(folder, name),
      joined("", name),
      joined("include", name),
      joined("src", name),
    ],
  },
  {
    ends: /\.rs$/iu,
    patterns: [/^[ \t]*(?:pub(?:\([^)\n]{0,99}\))?[ \t]{1,9})?mod[ \t]{1,9}(\w+)[ \t]*;/gmu],
    candidates: (name, folder) => [joined(folder, `${name}.rs`), joined(folder, `${name}/mod.rs`)],
  },
  {
    ends: /\.rb$/iu,
    patterns: [new RegExp(`\\brequire_relative\\s{1,9}${QUOTED}`, "gu")],
    candidates: (name, folder) => [joined(folder, name.endsWith(".rb") ? name : `${name}.rb`)],
  },
  {
    ends: /\.(css|scss|sass|less)$/iu,
    patterns: [new RegExp(`@(?:import|use|forward)\\s{1,9}(?:url\\()?\\s{0,9}${QUOTED}`, "gu")],
    candidates: (name, folder) => {
      const path = joined(folder, name);
      if (path === "") return [];
      const start = path.lastIndexOf("/") + 1;
      const partial = `${path.slice(0, start)}_${path.slice(start)}`;
      return [path, `${path}.scss`, `${partial}.scss`, `${path}.css`, `${path}.less`];
    },
  },
  {
    ends: /\.php$/iu,
    patterns: [
      new RegExp(
        `\\b(?:require|include)(?:_once)?[\\s(]{1,9}(?:__DIR__\\s{0,9}\\.\\s{0,9})?${QUOTED}`,
        "gu",
      ),
    ],
    candidates: (name, folder) => [joined(folder, name.replace(/^\//u, ""))],
  },
  {
    ends: /\.dart$/iu,
    patterns: [new RegExp(`^\\s{0,9}(?:import|export|part)\\s{1,9}${QUOTED}`, "gmu")],
    candidates: (name, folder) => (name.includes(":") ? [] : [joined(folder, name)]),
  },
  {
    ends: /\.(sh|bash|zsh)$/iu,
    patterns: [/^[ \t]*(?:source|\.)[ \t]{1,9}["']?(\.{1,2}\/[^\s"';]+)/gmu],
    candidates: (name, folder) => [joined(folder, name)],
  },
];

/** Names are looked for in so much of a file; imports stand at its front. */
const TEXT_CHARACTERS_MAX = 200_000;
const IMPORTS_MAX = 40;
/** No file can have a longer name, whatever is written. */
const NAME_CHARACTERS_MAX = 1_000;

/** For each file that is imported, where it may be. Packages and the language's own are none. */
export function importsIn(path: string, text: string): (readonly string[])[] {
  const syntax = SYNTAXES.find(({ ends }) => ends.test(path));
  if (syntax === undefined) return [];
  const code = text.slice(0, TEXT_CHARACTERS_MAX);
  const folder = path.split("/").slice(0, -1).join("/");
  const named = syntax.patterns
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .toSorted((a, b) => a.index - b.index)
    .flatMap(([, name]) => name ?? [])
    .filter(({ length }) => length <= NAME_CHARACTERS_MAX);
  return [...new Set(named)].slice(0, IMPORTS_MAX).flatMap((name) => {
    const inside = syntax.candidates(name, folder).filter((candidate) => candidate !== "");
    return inside.length === 0 ? [] : [inside];
  });
}

function scriptCandidates(path: string): string[] {
  if (path === "") return [];
  // TypeScript names what a file is compiled to.
  const source = /\.([cm]?)jsx?$/iu.exec(path);
  const stem = source === null ? path : path.slice(0, source.index);
  const sources = source === null ? [] : [`${stem}.${source[1]}ts`, `${stem}.tsx`];
  return [
    ...(/\.\w+$/u.test(path) ? [path, ...sources] : []),
    ...SCRIPT_ENDS.map((end) => path + end),
    ...[".ts", ".tsx", ".js"].map((end) => `${path}/index${end}`),
  ];
}

function pythonCandidates(name: string, folder: string): string[] {
  const dots = /^\.*/u.exec(name)?.[0].length ?? 0;
  const rest = name.slice(dots).replaceAll(".", "/");
  const bases = dots === 0 ? ["", "src", folder] : [joined(folder, "../".repeat(dots - 1) || ".")];
  return bases.flatMap((base) =>
    rest === ""
      ? [joined(base, "__init__.py")]
      : [joined(base, `${rest}.py`), joined(base, `${rest}/__init__.py`)],
  );
}

/** A path relative to the workspace; empty for one that leads out of it. */
function joined(folder: string, path: string): string {
  if (path.startsWith("/") || path.includes("\\") || path.includes("\0")) return "";
  const names = folder === "" ? [] : folder.split("/");
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return "";
  }
  return names.join("/");
}
