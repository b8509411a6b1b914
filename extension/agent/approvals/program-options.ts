import type { Words } from "./shell-line.ts";

/** The options of a program that are known, without their dashes: letters and whole words. */
export type ProgramOptions = {
  /** Those without a value. A word may have one behind an equals sign all the same. */
  readonly flags: ReadonlySet<string>;
  /** Those whose value is the rest of the word, or the next word. */
  readonly values: ReadonlySet<string>;
  /** Letters whose value can only be the rest of the word. */
  readonly attached: ReadonlySet<string>;
  /** Those that say already what is to be done, so that what follows is no option any more. */
  readonly last: ReadonlySet<string>;
};

export type GivenOption = { readonly name: string; readonly value: string | null };

export type ReadOptions =
  | {
      readonly kind: "read";
      readonly options: readonly GivenOption[];
      /** What follows the options. */
      readonly rest: Words;
      /** What told that they end: the first word that is none, two dashes, or one of `last`. */
      readonly endedBy: "operand" | "dashes" | "last";
    }
  /** An option is not known. It may have a value, so nobody can tell where the options end. */
  | { readonly kind: "unclear" };

type Names = Partial<Record<keyof ProgramOptions, string>>;

export function programOptions(names: Names = {}): ProgramOptions {
  const setOf = (text = ""): ReadonlySet<string> => new Set(text.split(" "));
  return {
    flags: setOf(names.flags),
    values: setOf(names.values),
    attached: setOf(names.attached),
    last: setOf(names.last),
  };
}

/** Reads the options before the first word that is none, as the program itself does. */
export function readOptions(words: Words, known: ProgramOptions): ReadOptions {
  const options: GivenOption[] = [];
  let index = 0;
  while (index < words.length) {
    const word = words[index];
    if (word === null || word === undefined) return { kind: "unclear" };
    if (word === "--") {
      return { kind: "read", options, rest: words.slice(index + 1), endedBy: "dashes" };
    }
    if (!/^-./su.test(word)) break;
    index++;
    const read = word.startsWith("--") ? readLong(word.slice(2)) : readShort(word.slice(1), known);
    for (const { name, value } of read) {
      if (known.last.has(name)) {
        return { kind: "read", options, rest: words.slice(index), endedBy: "last" };
      }
      if (known.values.has(name)) options.push({ name, value: value ?? words[index++] ?? null });
      else if (known.flags.has(name) || known.attached.has(name)) options.push({ name, value });
      else return { kind: "unclear" };
    }
  }
  return { kind: "read", options, rest: words.slice(index), endedBy: "operand" };
}

function readLong(text: string): GivenOption[] {
  const equals = text.indexOf("=");
  if (equals < 0) return [{ name: text, value: null }];
  return [{ name: text.slice(0, equals), value: text.slice(equals + 1) }];
}

/** Takes apart what stands behind one dash: flags, and at its end perhaps an option with its value. */
function readShort(text: string, { values, attached }: ProgramOptions): GivenOption[] {
  const letters = text.split("");
  const end = letters.findIndex((letter) => values.has(letter) || attached.has(letter));
  const flags = end < 0 ? letters : letters.slice(0, end);
  const given = flags.map((name) => ({ name, value: null }));
  if (end < 0) return given;
  const value = text.slice(end + 1);
  return [...given, { name: text.charAt(end), value: value === "" ? null : value }];
}
