import { type ProgramOptions, programOptions, readOptions } from "./program-options.ts";
import { isInput, isShell, readShellArguments } from "./shell-arguments.ts";
import type { SimpleCommand, Words } from "./shell-line.ts";
import { programName } from "./unwrap-command.ts";

const READS = "runs what it reads from somewhere else";

/** Options with which a program says something about itself and reads nothing. */
const ASKS: ReadonlySet<string> = new Set(["--version", "-V", "-v", "--help", "-h", "--test"]);

const NODE = programOptions({
  flags:
    "c check watch inspect inspect-brk enable-source-maps experimental-strip-types " +
    "experimental-transform-types experimental-vm-modules expose-gc no-deprecation no-warnings " +
    "pending-deprecation preserve-symlinks throw-deprecation trace-deprecation trace-uncaught " +
    "trace-warnings max-old-space-size stack-size",
  values: "r require import C conditions env-file env-file-if-exists title unhandled-rejections",
  last: "e eval p print test run",
});

/** What they know besides the name of a program. With `last` they have one already. */
const INTERPRETERS: Readonly<Record<string, ProgramOptions>> = {
  python: programOptions({
    flags: "b B d E I O P q s S u v x",
    values: "W X check-hash-based-pycs",
    last: "c m",
  }),
  node: NODE,
  nodejs: NODE,
  perl: programOptions({
    flags: "a c f n p s S t T u U w W X",
    values: "I",
    attached: "0 C F i l m M V x",
    last: "e E",
  }),
  ruby: programOptions({
    flags: "a c l n p s S w",
    values: "C E I r",
    attached: "0 F i K T W",
    last: "e",
  }),
  php: programOptions({ flags: "C H n q", values: "c d", last: "l r S B R E i m" }),
  lua: programOptions({ flags: "E W", values: "l", last: "e" }),
  tclsh: programOptions({ values: "encoding" }),
  osascript: programOptions({ values: "l", last: "e" }),
};

/** A shell or an interpreter without a program to run takes what it reads for one. */
export function dangerOfReader({ words }: SimpleCommand): string | null {
  const [program, ...rest] = words;
  if (program === null || program === undefined) return null;
  const name = programName(program);
  if (rest.length > 0 && rest.every((word) => word !== null && ASKS.has(word))) return null;
  if (isShell(name)) return readShellArguments(name, rest).kind === "input" ? READS : null;
  return readsProgram(name.replace(/[\d.]+$/u, ""), rest) ? READS : null;
}

function readsProgram(name: string, words: Words): boolean {
  if (name === "deno")
    return words[0] === "repl" || isOption(words[0]) || words.some(isStandardInput);
  if (name === "bun") return words.length === 0 || words[0] === null || words.some(isStandardInput);
  const known = Object.hasOwn(INTERPRETERS, name) ? INTERPRETERS[name] : undefined;
  if (known === undefined) return false;
  const read = readOptions(words, known);
  if (read.kind === "unclear") return true;
  if (read.endedBy === "last") return false;
  // Some of them take what follows two dashes for arguments of a program that they read.
  return read.endedBy === "dashes" || read.rest[0] === undefined || isInput(read.rest[0]);
}

function isOption(word: string | null | undefined): boolean {
  return word === undefined || word === null || word.startsWith("-");
}

function isStandardInput(word: string | null): boolean {
  return word !== null && isInput(word);
}
