import { programOptions, readOptions } from "./program-options.ts";
import type { Words } from "./shell-line.ts";

/** Shells whose language is that of `sh`, more or less. */
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ksh", "ash"]);

/** Shells of other languages: what is written for one of these cannot be read. */
const OTHER_SHELLS: ReadonlySet<string> = new Set(["fish", "zsh", "csh", "tcsh"]);

const OPTIONS = programOptions({
  flags:
    "a b c e f h i k l m n p r s t u v x B C E H P T " +
    "login noediting noprofile norc posix restricted verbose",
  values: "o O",
  last: "version help",
});

/** Where a shell takes its program from. */
export type ShellProgram =
  | { readonly kind: "text"; readonly text: string }
  /** A file, or nothing: it only says something about itself. */
  | { readonly kind: "file" }
  /** What it reads, whatever that is. */
  | { readonly kind: "input" }
  | { readonly kind: "unclear" };

export function isShell(name: string): boolean {
  return SHELLS.has(name) || OTHER_SHELLS.has(name);
}

/** `sh -c TEXT` runs the text, `sh FILE` a file that nobody has read, `sh -s` what it reads. */
export function readShellArguments(name: string, words: Words): ShellProgram {
  if (OTHER_SHELLS.has(name)) return readOtherShell(words);
  // The name behind `-o` is always the next word: here an option would swallow it.
  if (words.some((word) => word !== null && /^[-+]\w*[oO]\w/u.test(word))) {
    return { kind: "unclear" };
  }
  const read = readOptions(
    words.map((word) => word?.replace(/^\+(?=\w)/u, "-") ?? null),
    OPTIONS,
  );
  if (read.kind === "unclear") return read;
  if (read.endedBy === "last") return { kind: "file" };
  const given = new Set(read.options.map((option) => option.name));
  const program = words[words.length - read.rest.length];
  if (given.has("c"))
    return typeof program === "string" ? { kind: "text", text: program } : UNCLEAR;
  if (given.has("s") || program === undefined || isInput(program)) return { kind: "input" };
  return { kind: "file" };
}

const UNCLEAR = { kind: "unclear" } as const;

function readOtherShell(words: Words): ShellProgram {
  const [first] = words;
  if (first === undefined || first === null || isInput(first)) return { kind: "input" };
  return first.startsWith("-") && first !== "--version" ? UNCLEAR : { kind: "file" };
}

/** Whether a program that is to be run from this place comes from another program, or a text. */
export function isInput(word: string | null): boolean {
  return word === null || word === "-" || /^\/(dev|proc)\//u.test(word);
}
