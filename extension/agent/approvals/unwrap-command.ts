import { readShellLine, type ShellLine, type SimpleCommand } from "./shell-line.ts";

/** Shells within shells are judged as deep as this; a deeper line is left to a person. */
const DEPTH_MAX = 4;

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"]);

/** Programs that run another one, with those of their options that take a value. */
const WRAPPERS: Readonly<Record<string, readonly string[]>> = {
  builtin: [],
  busybox: [],
  command: [],
  doas: ["-u", "-C"],
  env: ["-u", "--unset", "-C", "--chdir"],
  exec: ["-a"],
  ionice: ["-c", "-n", "-p"],
  nice: ["-n", "--adjustment"],
  nohup: [],
  npx: ["-p", "--package"],
  setsid: [],
  stdbuf: ["-i", "-o", "-e"],
  sudo: ["-u", "-g", "-h", "-p", "-C", "-T", "-D", "-R"],
  time: ["-f", "-o"],
  timeout: ["-s", "--signal", "-k", "--kill-after"],
  xargs: ["-I", "-n", "-P", "-L", "-d", "-E", "-s", "-a"],
};

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
  const parts = line.commands.map((command) => unwrap(command, depth));
  return {
    commands: [...line.commands, ...parts.flatMap(({ commands }) => commands)],
    lines: [line, ...parts.flatMap(({ lines }) => lines)],
    unclear: parts.some(({ unclear }) => unclear),
  };
}

/** The name of a program without its folder: `/bin/rm` is `rm`. */
export function programName(word: string): string {
  const name = word.slice(word.lastIndexOf("/") + 1);
  return name.replace(/\.exe$/iu, "").toLowerCase();
}

export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

const NOTHING: Unwrapped = { commands: [], lines: [], unclear: false };
const UNCLEAR: Unwrapped = { commands: [], lines: [], unclear: true };

function unwrap(command: SimpleCommand, depth: number): Unwrapped {
  const [first, ...rest] = command.words;
  if (first === undefined || first === null) return UNCLEAR;
  const name = programName(first);
  if (isShell(name)) return unwrapShell(rest, depth);
  if (name === "eval") return unwrapText(rest, depth);
  const optionsWithValue = WRAPPERS[name];
  if (optionsWithValue === undefined) return NOTHING;
  if (name === "env" && rest.some((word) => word !== null && /^(-S|--split)/u.test(word))) {
    return UNCLEAR;
  }
  const wrapped = behindOptions(rest, optionsWithValue, name);
  if (wrapped.length === 0) return NOTHING;
  // What `xargs` reads becomes arguments that nobody has seen yet.
  const words = name === "xargs" ? [...wrapped, null] : wrapped;
  const inner = { words, text: command.text };
  const deeper = depth >= DEPTH_MAX ? UNCLEAR : unwrap(inner, depth + 1);
  return { ...deeper, commands: [inner, ...deeper.commands] };
}

/** `sh -c TEXT` runs the text; `sh FILE` runs a file that nobody has read. */
function unwrapShell(words: readonly (string | null)[], depth: number): Unwrapped {
  const option = words.findIndex((word) => word !== null && /^-[a-z]*c[a-z]*$/iu.test(word));
  if (option < 0) return NOTHING;
  return unwrapText(words.slice(option + 1, option + 2), depth);
}

function unwrapText(words: readonly (string | null)[], depth: number): Unwrapped {
  if (words.length === 0 || words.includes(null)) return UNCLEAR;
  const read = readShellLine(words.join(" "));
  return read.kind === "unclear" ? UNCLEAR : unwrapLine(read.line, depth + 1);
}

/** Leaves out options, assignments of `env`, and the duration of `timeout`. */
function behindOptions(
  words: readonly (string | null)[],
  optionsWithValue: readonly string[],
  name: string,
): (string | null)[] {
  let index = 0;
  while (index < words.length) {
    const word = words[index];
    if (word === null || word === undefined) break;
    if (word === "--") {
      index++;
      break;
    }
    if (optionsWithValue.includes(word)) index += 2;
    else if (word.startsWith("-") || (name === "env" && /^\w+=/u.test(word))) index++;
    else break;
  }
  return words.slice(name === "timeout" ? index + 1 : index);
}
