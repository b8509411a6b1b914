import { programOptions, readOptions } from "./program-options.ts";
import { isInput } from "./shell-arguments.ts";
import type { Words } from "./shell-line.ts";

const OPTIONS = programOptions({
  flags:
    "n r E s u z a null-data quiet silent regexp-extended separate unbuffered in-place posix " +
    "sandbox debug follow-symlinks",
  values: "e expression f file l line-length",
  attached: "i",
  last: "version help",
});

/** Delimiters that mean nothing else in a regular expression. */
const DELIMITERS = "/|,#@!:%~;_=";

const END = /\s*(?=[;}\n#]|$)/uy;
const ADDRESS = /\s*(?:[+~]?\d+(?:~\d+)?|\$)/uy;
const ADDRESS_FLAGS = /[IM]*/uy;
/** Commands that change nothing but the text; some have a number or a label. */
const HARMLESS_COMMAND = /[dDgGhHnNpPxzF=}]|[lLqQ]\s*\d*|[btT:]\s*[^;\s}]*/uy;
const SUBSTITUTION_FLAGS = /[gpiImM\d]*/uy;
/** To the end of its line; a backslash takes the next line along. */
const TEXT = /[aic](?:\\[^]|[^\\\n])*(?:\n|$)/uy;

/** Whether `sed` runs or writes something with these arguments, or reads what to do elsewhere. */
export function sedRuns(words: Words): boolean {
  const scripts: string[] = [];
  const operands: string[] = [];
  let given = false;
  let suffix = false;
  // A script of which a part is not known counts as harmless, like every word of that kind.
  let left: Words = words.map((word) => word ?? "p");
  while (left.length > 0) {
    const read = readOptions(left, OPTIONS);
    if (read.kind === "unclear") return true;
    if (read.endedBy === "last") return false;
    for (const { name, value } of read.options) {
      const isScript = name === "e" || name === "expression";
      const isFile = name === "f" || name === "file";
      if (isFile && isInput(value)) return true;
      if (isScript) scripts.push(value ?? "");
      given ||= isScript || isFile;
      suffix ||= name === "i";
    }
    // Options may stand behind files, but none behind two dashes.
    const count = read.endedBy === "dashes" ? read.rest.length : 1;
    operands.push(...read.rest.slice(0, count).map((word) => word ?? ""));
    left = read.rest.slice(count);
  }
  if (!given) scripts.push(...operands.slice(0, suffix && isSuffix(operands[0]) ? 2 : 1));
  return !isHarmlessScript(scripts.join("\n"));
}

/** Some take the word behind `-i` for the ending of a copy. */
function isSuffix(word: string | undefined): boolean {
  return word === "" || word?.startsWith(".") === true;
}

/** Reads a script as `sed` does, and knows only what is harmless. */
export function isHarmlessScript(script: string): boolean {
  let at = 0;
  while (at < script.length) {
    const blank = /[\s;{]/u.test(script.charAt(at));
    const next = blank ? at + 1 : afterCommand(script, at);
    if (next === null) return false;
    at = next;
  }
  return true;
}

function afterCommand(script: string, from: number): number | null {
  let at = afterAddress(script, from);
  if (at !== null && script.charAt(at) === ",") at = afterAddress(script, at + 1);
  if (at === null) return null;
  at = after(/[\s!]*/uy, script, at) ?? at;
  const letter = script.charAt(at);
  if (letter === "" || letter === "{") return at;
  if (letter === "#") return after(/[^\n]*/uy, script, at);
  if (letter === "s" || letter === "y") return afterSubstitution(script, at);
  const text = after(TEXT, script, at);
  if (text !== null) return text;
  const end = after(HARMLESS_COMMAND, script, at);
  return end === null ? null : after(END, script, end);
}

function afterAddress(script: string, from: number): number | null {
  const start = after(/\s*/uy, script, from) ?? from;
  const letter = script.charAt(start);
  if (letter !== "/" && letter !== "\\") {
    return after(/\s*/uy, script, after(ADDRESS, script, start) ?? start);
  }
  const open = letter === "/" ? start : start + 1;
  const end = afterDelimited(script, open + 1, script.charAt(open), true);
  const flags = end === null ? null : after(ADDRESS_FLAGS, script, end);
  return flags === null ? null : after(/\s*/uy, script, flags);
}

function afterSubstitution(script: string, from: number): number | null {
  const delimiter = script.charAt(from + 1);
  const regex = script.charAt(from) === "s";
  const middle = afterDelimited(script, from + 2, delimiter, regex);
  const end = middle === null ? null : afterDelimited(script, middle, delimiter, false);
  const flags = end === null ? null : after(SUBSTITUTION_FLAGS, script, end);
  return flags === null ? null : after(END, script, flags);
}

function afterDelimited(
  script: string,
  from: number,
  delimiter: string,
  regex: boolean,
): number | null {
  if (delimiter === "" || !DELIMITERS.includes(delimiter)) return null;
  let at: number | null = from;
  while (at !== null && at < script.length) {
    const letter = script.charAt(at);
    if (letter === delimiter) return at + 1;
    if (letter === "\\") at += 2;
    else at = regex && letter === "[" ? afterBracket(script, at) : at + 1;
  }
  return null;
}

/** Within brackets a delimiter is a letter like any other, and so is a bracket that comes first. */
function afterBracket(script: string, from: number): number | null {
  return after(/\[\^?\]?(?:\[[:.=][^\]]*\]|(?!\[[:.=])[^\]])*\]/uy, script, from);
}

/** Where the match ends that begins here, if there is one. */
function after(pattern: RegExp, text: string, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : null;
}
