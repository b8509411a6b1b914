import type { TextHit } from "../../agent/ports/search.ts";
import type { QueryNames } from "./query-names.ts";

/** A file and the lines in it that answer a query best. */
export type RankedFile = {
  readonly path: string;
  readonly score: number;
  /** From one, the best first. */
  readonly lines: readonly number[];
};

/** A name that stands in more files says nothing about any of them. */
const FILES_OF_NAME_MAX = 60;
/** The second hit in a file says less than the first: as in BM25. */
const SATURATION = 1.2;
const DEFINITION_WEIGHT = 3;
const FILE_NAME_WEIGHT = 2;
const WORD_WEIGHT = 0.3;
/** Tests use what is defined elsewhere, again and again. */
const TEST_WEIGHT = 0.6;
const LINES_MAX = 8;
/** Lines beyond are generated, and no place to look at. */
const LINE_CHARACTERS_MAX = 400;

const TEST_PATH =
  /(^|\/)(tests?|__tests__|spec|fixtures)\/|[._-](test|spec)\.\w+$|(^|\/)test_[^/]+$/iu;
const DEFINES =
  "(?:class|interface|type|enum|struct|trait|impl|module|namespace|record|object|protocol|function|func|fn|def|fun|const|let|var|val|static|public|private|protected|async|define)";

type Term = {
  readonly name: string;
  readonly weight: number;
  readonly is: RegExp;
  readonly defines: RegExp;
};

/**
 * The files in which names of a query were found, the best first. What is rare weighs more than what is
 * frequent, and a definition more than a use. Equal ones stand in the order of their paths.
 */
export function rankHits(hits: readonly TextHit[], { names, words }: QueryNames): RankedFile[] {
  const readable = hits.filter(({ text }) => text.length <= LINE_CHARACTERS_MAX);
  const terms = termsFor(names, readable);
  const byFile = new Map<string, TextHit[]>();
  for (const hit of readable) byFile.set(hit.path, [...(byFile.get(hit.path) ?? []), hit]);
  return [...byFile]
    .map(([path, found]) => rankFile(path, found, { terms, words }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
}

function termsFor(names: readonly string[], hits: readonly TextHit[]): Term[] {
  const files = new Set(hits.map(({ path }) => path)).size;
  return names.flatMap((name) => {
    const word = escaped(name);
    const is = new RegExp(`(?<![\\w$])${word}(?![\\w$])`, "u");
    const found = new Set(hits.filter(({ text }) => is.test(text)).map(({ path }) => path)).size;
    if (found === 0 || found > FILES_OF_NAME_MAX) return [];
    const weight = Math.log(1 + (files - found + 0.5) / (found + 0.5)) + 1;
    const defines = new RegExp(`\\b${DEFINES}\\s+(?:\\w+\\s+)*${word}(?![\\w$])`, "u");
    return [{ name, weight, is, defines }];
  });
}

function rankFile(
  path: string,
  hits: readonly TextHit[],
  { terms, words }: { readonly terms: readonly Term[]; readonly words: readonly string[] },
): RankedFile {
  const scored = hits
    .map(({ line, text }) => ({ line, score: lineScore(text, terms, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.line - b.line);
  const frequencies = terms.map(({ weight, is }) => {
    const count = hits.filter(({ text }) => is.test(text)).length;
    return (weight * count * (SATURATION + 1)) / (count + SATURATION);
  });
  const base = stemOf(path).toLowerCase().replaceAll(/[-_]/gu, "");
  const named = terms.filter(({ name }) => name.toLowerCase().replaceAll("_", "") === base).length;
  const lower = path.toLowerCase();
  const inPath = words.filter((word) => lower.includes(word)).length;
  const best = scored[0]?.score ?? 0;
  const score =
    best === 0 ? 0 : best + sum(frequencies) + named * FILE_NAME_WEIGHT + inPath * WORD_WEIGHT;
  return {
    path,
    score: TEST_PATH.test(path) ? score * TEST_WEIGHT : score,
    lines: scored.slice(0, LINES_MAX).map(({ line }) => line),
  };
}

/** The name of a file without the endings behind it, however many: of `a.test.ts` it is `a`. */
function stemOf(path: string): string {
  const parts = path.slice(path.lastIndexOf("/") + 1).split(".");
  const last = parts.findLastIndex((part, index) => index === 0 || !/^\w+$/u.test(part));
  return parts.slice(0, last + 1).join(".");
}

function lineScore(text: string, terms: readonly Term[], words: readonly string[]): number {
  const found = terms.filter(({ is }) => is.test(text));
  if (found.length === 0) return 0;
  const lower = text.toLowerCase();
  return (
    sum(
      found.map(({ weight, defines }) =>
        defines.test(text) ? weight * DEFINITION_WEIGHT : weight,
      ),
    ) +
    words.filter((word) => lower.includes(word)).length * WORD_WEIGHT
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function escaped(name: string): string {
  return name.replaceAll(/[$.*+?^{}()|[\]\\]/gu, "\\$&");
}
