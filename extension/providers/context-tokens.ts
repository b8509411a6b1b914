/** What is told about the surroundings, by the names of the settings under `kvasir.context`. */
export type ContextTokens = {
  readonly codeStyle: number;
  readonly lessons: number;
  readonly search: number;
  readonly imports: number;
  readonly problems: number;
  readonly gitStatus: number;
  readonly earlierSessions: number;
};

/**
 * Tokens that each may take; none switches it off. The first two are prefilled once and stand in the
 * cache. The others are prefilled with every turn in which they change, which a model on a CPU feels.
 */
export const CONTEXT_TOKENS_DEFAULT: ContextTokens = {
  codeStyle: 150,
  lessons: 300,
  search: 500,
  imports: 120,
  problems: 300,
  gitStatus: 80,
  earlierSessions: 120,
};

/** A setting may ask for more, and gets this: a workspace can set it too. */
const CONTEXT_TOKENS_MAX = 4_000;

/**
 * Few characters to a token, so that an estimate rather errs in the other direction. Exact counts need the
 * model; the budgets of the window are in those, and leave out what does not fit.
 */
const CHARACTERS_PER_TOKEN = 3;

export function charactersFor(tokens: number): number {
  if (!Number.isFinite(tokens)) return 0;
  return Math.floor(Math.min(Math.max(0, tokens), CONTEXT_TOKENS_MAX) * CHARACTERS_PER_TOKEN);
}

/**
 * As many lines from the front as fit, and how many there are more. Where not even the first one fits, its words
 * that do: a part of it says more than nothing.
 */
export function fittingLines(lines: readonly string[], charactersMax: number): string[] {
  const whole = lines.join("\n");
  if (whole.length <= charactersMax) return [...lines];
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const note = moreNote(lines.length - kept.length - 1);
    characters += line.length + 1;
    if (characters + note.length > charactersMax) break;
    kept.push(line);
  }
  if (kept.length > 0) return [...kept, moreNote(lines.length - kept.length)];
  const [first = "", ...others] = lines;
  const rest = others.length === 0 ? [] : [moreNote(others.length)];
  const start = fittingWords(first, charactersMax - ["…", ...rest].join("\n").length);
  return start === "" ? [] : [`${start}…`, ...rest];
}

/** Whole words, because half a path is another one. */
function fittingWords(line: string, charactersMax: number): string {
  if (line.length <= charactersMax) return line;
  const end = charactersMax <= 0 ? -1 : line.lastIndexOf(" ", charactersMax - 1);
  return line.slice(0, end + 1);
}

function moreNote(count: number): string {
  return `(and ${count} more)`;
}
