import type { Tokenizer } from "../engine.ts";

/** Control tokens, by id. */
const CONTROL = [
  "<s>",
  "<|im_start|>",
  "<|im_end|>",
  "<think>",
  "</think>",
  "<tool_call>",
  "</tool_call>",
] as const;
type Control = (typeof CONTROL)[number];

/** One id per UTF-16 code unit, so that a text has as many tokens as it has characters. */
const WRITTEN_FIRST = 16;
/** The same characters once more, with other ids: see `spoken`. */
const SPOKEN_FIRST = WRITTEN_FIRST + 0x1_0000;

const CONTROL_NAMES = new RegExp(`(${CONTROL.map(escaped).join("|")})`, "u");

export function controlId(name: Control): number {
  return CONTROL.indexOf(name);
}

/** Ends an answer. */
export const END_OF_GENERATION: number = controlId("<|im_end|>");

export const vocabulary: Tokenizer = {
  tokenize: (text, { specials }) => {
    if (!specials) return spelled(text, WRITTEN_FIRST);
    return text.split(CONTROL_NAMES).flatMap((part, index) => {
      // Every second part is what the pattern captured.
      return index % 2 === 1 ? [controlId(part as Control)] : spelled(part, WRITTEN_FIRST);
    });
  },
  detokenize: (tokens) => tokens.map(nameOf).join(""),
};

/**
 * Ids as the model samples them: never those that the tokenizer gives for the same text. Real
 * models differ from their tokenizer now and then, and whoever tokenises an answer again instead of
 * keeping its ids is caught here every time.
 */
export function spoken(text: string): number[] {
  return spelled(text, SPOKEN_FIRST);
}

function spelled(text: string, first: number): number[] {
  return Array.from({ length: text.length }, (_, index) => first + text.charCodeAt(index));
}

function nameOf(token: number): string {
  if (token >= SPOKEN_FIRST) return String.fromCharCode(token - SPOKEN_FIRST);
  if (token >= WRITTEN_FIRST) return String.fromCharCode(token - WRITTEN_FIRST);
  const name = CONTROL[token];
  if (name === undefined) throw new RangeError(`There is no token ${token}.`);
  return name;
}

function escaped(text: string): string {
  return text.replaceAll(/[|\\{}()[\]^$+*?.]/gu, String.raw`\$&`);
}
