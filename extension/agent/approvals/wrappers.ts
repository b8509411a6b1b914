import { type GivenOption, programOptions, readOptions } from "./program-options.ts";
import type { Words } from "./shell-line.ts";

type Wrapper = {
  readonly options: ReturnType<typeof programOptions>;
  /** How many words stand before the program: the duration of `timeout`, the file of `flock`. */
  readonly operands?: number;
};

const plain: Wrapper = { options: programOptions() };

/**
 * Programs that run another one. An option that is not here is asked about: it may have a value, or
 * make other words run than those that follow, as `xargs -I` and `env -S` do; or write a file.
 */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  builtin: plain,
  busybox: plain,
  toybox: plain,
  nohup: plain,
  command: { options: programOptions({ flags: "p", last: "v V" }) },
  doas: { options: programOptions({ flags: "n s L", values: "u C" }) },
  env: {
    options: programOptions({
      flags: "i 0 v ignore-environment null debug",
      values: "u unset C chdir",
      last: "version help",
    }),
  },
  exec: { options: programOptions({ flags: "c l", values: "a" }) },
  // Tracers and locks that run what follows them.
  flock: {
    options: programOptions({
      flags: "s x e u n o F v shared exclusive unlock nonblock nb close no-fork verbose",
      values: "w wait timeout E conflict-exit-code",
    }),
    operands: 1,
  },
  ltrace: { options: programOptions({ flags: "c f i r S t T", values: "e n s u" }) },
  strace: {
    options: programOptions({
      flags: "c C f i k n q r t T v w x y follow-forks",
      values: "e s S P u a string-limit trace",
    }),
  },
  valgrind: {
    options: programOptions({
      flags:
        "q v quiet verbose tool leak-check show-leak-kinds track-origins error-exitcode num-callers",
    }),
  },
  ionice: { options: programOptions({ flags: "t ignore", values: "c n class classdata" }) },
  nice: { options: programOptions({ values: "n adjustment" }) },
  npx: {
    options: programOptions({
      flags: "y q s yes no no-install quiet silent offline prefer-offline ignore-existing",
      values: "p package w workspace",
      last: "v version h help",
    }),
  },
  setsid: { options: programOptions({ flags: "c f w ctty fork wait" }) },
  stdbuf: { options: programOptions({ values: "i o e input output error" }) },
  sudo: {
    options: programOptions({ flags: "A b E H K k n P S", values: "u g h p C T D R r t" }),
  },
  time: {
    options: programOptions({ flags: "p v q portability verbose quiet", values: "f format" }),
  },
  timeout: {
    options: programOptions({
      flags: "v verbose f foreground p preserve-status",
      values: "s signal k kill-after",
      last: "version help",
    }),
    operands: 1,
  },
  xargs: {
    options: programOptions({
      flags: "0 r t x null no-run-if-empty verbose exit max-lines eof",
      values: "n P L d E s a max-args max-procs delimiter max-chars arg-file",
    }),
  },
};

/** What a wrapper runs: the words of other commands. */
export type Wrapped =
  | { readonly kind: "runs"; readonly commands: readonly Words[] }
  | { readonly kind: "unclear" };

/** `null` when the program wraps no other. */
export function readWrapper(name: string, words: Words): Wrapped | null {
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (wrapper === undefined) return null;
  const read = readOptions(words, wrapper.options);
  if (read.kind === "unclear") return read;
  if (read.endedBy === "last") return { kind: "runs", commands: [] };
  const operands = wrapper.operands ?? 0;
  if (read.rest.slice(0, operands).includes(null)) return { kind: "unclear" };
  const inner = read.rest.slice(operands);
  const program = name === "env" ? behindAssignments(inner) : inner;
  // `env -` empties the environment, and `flock FILE -c` runs a text.
  if (program[0]?.startsWith("-") === true) return { kind: "unclear" };
  const entered = name === "env" ? read.options.flatMap(folderOf) : [];
  if (program.length === 0) return { kind: "runs", commands: entered };
  // What `xargs` reads becomes arguments that nobody has seen yet.
  return { kind: "runs", commands: [...entered, name === "xargs" ? [...program, null] : program] };
}

/** `env` takes everything with an equals sign for a variable. */
function behindAssignments(words: Words): Words {
  const index = words.findIndex((word) => word === null || !word.includes("="));
  return index < 0 ? [] : words.slice(index);
}

/** `env --chdir=FOLDER` goes there as `cd` does. */
function folderOf({ name, value }: GivenOption): Words[] {
  return name === "C" || name === "chdir" ? [["cd", value]] : [];
}
