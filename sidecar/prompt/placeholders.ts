import { randomUUID } from "node:crypto";

/** What comes out of a template: its own text, and places where texts are to be put in. */
export type Part =
  | { readonly kind: "template"; readonly text: string }
  | { readonly kind: "slot"; readonly index: number; readonly end: string };

/** Unknown to whoever writes tools, calls and reasoning, which stand in a rendering as they are. */
const SECRET = randomUUID();
const SECRET_START = SECRET.slice(0, 8);
const SECRET_END = SECRET.slice(-8);

/**
 * Ends every placeholder. How it comes out tells, for each place, whether the template writes JSON
 * there: many write an argument as it is, but as JSON what lies deeper in it.
 */
const END = '"\uE0F1';

/** Backslashes before an end that became JSON twice; more is no placeholder of ours. */
const BACKSLASHES_MAX = 3;

const BACKSLASHES = `\\\\{0,${BACKSLASHES_MAX}}`;
const PLACEHOLDERS = new RegExp(
  `(?:\uE0F0|\\\\{1,${BACKSLASHES_MAX}}ue0f0)${SECRET}:(\\d+)` +
    `(${BACKSLASHES}[^\\\\\uE0F0\uE0F1]{0,6}(?:\uE0F1|${BACKSLASHES}ue0f1))`,
  "u",
);

/** The ways of writing that are known, from a text as it is to JSON in JSON. */
const WRITINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  insideJson,
  insideAsciiJson,
  (text) => insideJson(insideJson(text)),
  (text) => insideAsciiJson(insideAsciiJson(text)),
];

export function placeholder(index: number): string {
  return `\uE0F0${SECRET}:${index}${END}`;
}

export function partsOf(rendered: string): Part[] {
  const parts: Part[] = [];
  const cut = rendered.split(PLACEHOLDERS);
  for (let at = 0; at < cut.length; at += 3) {
    const [text = "", index, end = ""] = cut.slice(at, at + 3);
    if (text !== "") parts.push({ kind: "template", text });
    if (index !== undefined) parts.push({ kind: "slot", index: Number(index), end });
  }
  return parts;
}

/** Whether a template has cut or changed a placeholder, so that no text can be put in. */
export function holdsBrokenPlaceholder({ text }: { readonly text: string }): boolean {
  return text.includes(SECRET_START) || text.includes(SECRET_END);
}

/** A text as the template writes it where a placeholder came out with this end. */
export function writtenAs(text: string, end: string): string {
  return WRITINGS.find((write) => write(END) === end)?.(text) ?? text;
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function insideAsciiJson(text: string): string {
  return insideJson(text).replaceAll(
    /[\u0080-\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
