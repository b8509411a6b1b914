import { isShell, readShellArguments } from "./shell-arguments.ts";
import { readShellLine, type ShellLine, type SimpleCommand, type Words } from "./shell-line.ts";
import { readWrapper } from "./wrappers.ts";

/** Shells within shells are judged as deep as this; a deeper line is left to a person. */
const DEPTH_MAX = 4;

/** What a command really starts: itself, what it wraps, and the lines it gives to shells. */
export type Unwrapped = {
  readonly commands: readonly SimpleCommand[];
  readonly lines: readonly ShellLine[];
  /** Something in it could not be read, so that nobody knows what it starts. */
  readonly unclear: boolean;
};

/** All commands of a line with everything that those start, however they are nested. */
export function unwrapLine(line: ShellLine, depth = 0): Unwrapped {
  if (depth > DEPTH_MAX) return { commands: [], lines: [line], unclear: true };
  return together(
    { commands: line.commands, lines: [line], unclear: false },
    ...line.commands.map((command) => unwrap(command, depth)),
  );
}

/** The name of a program without its folder: `/bin/rm` is `rm`. */
export function programName(word: string): string {
  const name = word.slice(word.lastIndexOf("/") + 1);
  return name.replace(/\.exe$/iu, "").toLowerCase();
}

const NOTHING: Unwrapped = { commands: [], lines: [], unclear: false };
const UNCLEAR: Unwrapped = { commands: [], lines: [], unclear: true };

function together(...parts: readonly Unwrapped[]): Unwrapped {
  return {
    commands: parts.flatMap(({ commands }) => commands),
    lines: parts.flatMap(({ lines }) => lines),
    unclear: parts.some(({ unclear }) => unclear),
  };
}

function unwrap(command: SimpleCommand, depth: number): Unwrapped {
  const [first, ...rest] = command.words;
  if (first === undefined || first === null) return UNCLEAR;
  const name = programName(first);
  if (isShell(name)) return unwrapShell(name, rest, depth);
  if (name === "eval") return unwrapText(rest, depth);
  const wrapped = readWrapper(name, rest);
  if (wrapped === null) return NOTHING;
  if (wrapped.kind === "unclear" || depth >= DEPTH_MAX) return UNCLEAR;
  // What is known of the other words is judged with the command around them.
  const inner = wrapped.commands.map((words) => ({ words, patterns: [], text: command.text }));
  return together({ ...NOTHING, commands: inner }, ...inner.map((each) => unwrap(each, depth + 1)));
}

function unwrapShell(name: string, words: Words, depth: number): Unwrapped {
  const program = readShellArguments(name, words);
  if (program.kind === "text") return unwrapText([program.text], depth);
  return program.kind === "unclear" ? UNCLEAR : NOTHING;
}

function unwrapText(words: Words, depth: number): Unwrapped {
  if (words.length === 0 || words.includes(null)) return UNCLEAR;
  const read = readShellLine(words.join(" "));
  return read.kind === "unclear" ? UNCLEAR : unwrapLine(read.line, depth + 1);
}
