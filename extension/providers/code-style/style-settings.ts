/**
 * What formatters and their like lay down. Only values out of fixed lists and numbers get in here: the
 * files come from the workspace, and nothing else of them may get into the front of every prompt.
 */
export type StyleSettings = {
  readonly indent?: "tabs" | number;
  readonly lineCharactersMax?: number;
  readonly quotes?: "single" | "double";
  readonly semicolons?: boolean;
  readonly trailingCommas?: boolean;
  readonly lineEnds?: "lf" | "crlf";
};

const INDENT_MAX = 8;
const LINE_CHARACTERS_MIN = 40;
const LINE_CHARACTERS_MAX = 400;

/** A value as settings files write it, whatever type it has there. */
type Given = unknown;

export function indentOf(useTabs: Given, width: Given): Pick<StyleSettings, "indent"> {
  const spaces = numberOf(width);
  if (isYes(useTabs)) return { indent: "tabs" };
  return spaces !== null && spaces >= 1 && spaces <= INDENT_MAX ? { indent: spaces } : {};
}

export function lineLengthOf(given: Given): Pick<StyleSettings, "lineCharactersMax"> {
  const characters = numberOf(given);
  const sensible =
    characters !== null && characters >= LINE_CHARACTERS_MIN && characters <= LINE_CHARACTERS_MAX;
  return sensible ? { lineCharactersMax: characters } : {};
}

export function quotesOf(given: Given): Pick<StyleSettings, "quotes"> {
  return given === "single" || given === "double" ? { quotes: given } : {};
}

export function semicolonsOf(given: Given): Pick<StyleSettings, "semicolons"> {
  const yes = given === "always" || isYes(given);
  const no = given === "asNeeded" || given === "never" || isNo(given);
  return yes || no ? { semicolons: yes } : {};
}

export function trailingCommasOf(given: Given): Pick<StyleSettings, "trailingCommas"> {
  if (given === "none") return { trailingCommas: false };
  return given === "all" || given === "es5" ? { trailingCommas: true } : {};
}

export function lineEndsOf(given: Given): Pick<StyleSettings, "lineEnds"> {
  return given === "lf" || given === "crlf" ? { lineEnds: given } : {};
}

export function isYes(given: Given): boolean {
  return given === true || given === "true" || given === "tab";
}

export function isNo(given: Given): boolean {
  return given === false || given === "false";
}

function numberOf(given: Given): number | null {
  const number = typeof given === "string" && /^\d{1,4}$/u.test(given) ? Number(given) : given;
  return typeof number === "number" && Number.isInteger(number) ? number : null;
}
