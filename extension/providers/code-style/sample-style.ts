import type { StyleSettings } from "./style-settings.ts";

/** How names are put together; `null` where none of these is usual. */
export type NameCase = "camelCase" | "PascalCase" | "snake_case" | "kebab-case";

export type SampledStyle = Omit<
  StyleSettings,
  "lineCharactersMax" | "trailingCommas" | "lineEnds"
> & {
  readonly functionNames?: NameCase;
};

/** Of each file; more lines show the same style. */
const LINES_MAX = 400;
const LINE_CHARACTERS_MAX = 400;
/** Less evidence than this is chance. */
const VOTES_MIN = 8;
/** A habit that does not hold nearly always is none. */
const SHARE_MIN = 0.8;

const SEMICOLON_LANGUAGES = /^(typescript|javascript|tsx|jsx|vue|svelte)/u;
const QUOTE_LANGUAGES = /^(typescript|javascript|tsx|jsx|vue|svelte|python|php|ruby)/u;
const FUNCTIONS = /\b(?:function|func|fn|def|fun)\s+([A-Za-z_]\w*)/gu;

/** What most of some files have in common, by counting. */
export function sampleStyle(texts: readonly string[], language: string): SampledStyle {
  const lines = texts.flatMap((text) =>
    text
      .split("\n")
      .slice(0, LINES_MAX)
      .filter((line) => line.trim() !== "" && line.length <= LINE_CHARACTERS_MAX),
  );
  const indent = winner(lines.length === 0 ? [] : indentVotes(texts));
  const quotes = QUOTE_LANGUAGES.test(language) ? winner(lines.flatMap(quoteVotes)) : null;
  const semicolons = SEMICOLON_LANGUAGES.test(language)
    ? winner(lines.flatMap(semicolonVotes))
    : null;
  const functionNames = winner(
    lines.flatMap((line) =>
      [...line.matchAll(FUNCTIONS)].flatMap(([, name]) => caseOf(name ?? "") ?? []),
    ),
  );
  return {
    ...(indent === null ? {} : { indent }),
    ...(quotes === null ? {} : { quotes }),
    ...(semicolons === null ? {} : { semicolons }),
    ...(functionNames === null ? {} : { functionNames }),
  };
}

/** How a name is put together. A single word in small letters fits several, and says nothing. */
export function caseOf(name: string): NameCase | null {
  if (/^[a-z]+\d*$/u.test(name)) return null;
  if (/^[a-z][a-z\d]*([A-Z][a-z\d]*)+$/u.test(name)) return "camelCase";
  if (/^([A-Z][a-z\d]*)+$/u.test(name)) return "PascalCase";
  if (/^[a-z\d]+(_[a-z\d]+)+$/u.test(name)) return "snake_case";
  return /^[a-z\d]+(-[a-z\d]+)+$/u.test(name) ? "kebab-case" : null;
}

/** The value that nearly all votes are for. */
export function winner<T>(votes: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  const best = [...counts].toSorted((a, b) => b[1] - a[1])[0];
  if (best === undefined || votes.length < VOTES_MIN) return null;
  return best[1] / votes.length >= SHARE_MIN ? best[0] : null;
}

/** By how much a line stands further in than the one before it. */
function indentVotes(texts: readonly string[]): ("tabs" | number)[] {
  return texts.flatMap((text) => {
    let before = 0;
    return text
      .split("\n")
      .slice(0, LINES_MAX)
      .flatMap((line): ("tabs" | number)[] => {
        if (line.trim() === "" || /^\s*\*/u.test(line)) return [];
        const [, space = ""] = /^([ \t]*)/u.exec(line) ?? [];
        if (space.startsWith("\t")) return ["tabs"];
        const step = space.length - before;
        before = space.length;
        return step === 2 || step === 4 || step === 8 ? [step] : [];
      });
  });
}

function quoteVotes(line: string): ("single" | "double")[] {
  if (/^\s*(\/\/|#|\*|\/\*)/u.test(line)) return [];
  return [...line.matchAll(/"(?:[^"'\\\n]|\\.)*"|'(?:[^"'\\\n]|\\.)*'/gu)].map(([text]) =>
    text.startsWith('"') ? "double" : "single",
  );
}

/** Only lines that end a statement either way. */
function semicolonVotes(line: string): boolean[] {
  const code = line.trim();
  if (!/^(import|export|const|let|var|return|throw|await|this\.|type)\b/u.test(code)) return [];
  if (/[{([,=+\-*/&|?:<>.]$/u.test(code)) return [];
  if (code.endsWith(";")) return [true];
  return /[\w)\]"'`}]$/u.test(code) ? [false] : [];
}
