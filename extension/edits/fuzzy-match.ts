import { alignLines, type Alignment } from "./align-lines.ts";
import { likelyWindows } from "./likely-windows.ts";
import { lineKey, type SourceText } from "./source-text.ts";

/** From this share of equal characters on, lines may stand for those of a search. */
export const FUZZY_SIMILARITY_MIN = 0.85;

/** By so much the best place has to be more alike than the second best. */
export const FUZZY_MARGIN_MIN = 0.05;

/** A shorter search says too little: one character would make a different value of it. */
const FUZZY_CHARS_MIN = 12;

/** A longer search is not compared loosely. */
const FUZZY_LINES_MAX = 400;

/** Lines less alike than this are not worth showing to a model. */
const NEAREST_SIMILARITY_MIN = 0.4;

export type FuzzyOutcome =
  | { readonly kind: "unique"; readonly alignment: Alignment }
  | { readonly kind: "ambiguous"; readonly alignments: readonly Alignment[] }
  | { readonly kind: "missing"; readonly nearest?: Alignment };

/** The one place whose lines are much like those of a search, if there is one that stands out. */
export function fuzzyMatch(source: SourceText, search: readonly string[]): FuzzyOutcome {
  const wanted = search.map((line) => lineKey(line).normalize());
  if (wanted.length > FUZZY_LINES_MAX || wanted.every((key) => key === "")) {
    return { kind: "missing" };
  }
  const starts = likelyWindows(wanted, source.keys);
  let best: Alignment | undefined;
  for (const start of starts) {
    const least = best?.similarity ?? NEAREST_SIMILARITY_MIN;
    const alignment = alignLines(wanted, (index) => source.keys[index], start, least);
    if (alignment !== undefined && alignment.similarity > (best?.similarity ?? 0)) best = alignment;
  }
  if (best === undefined) return { kind: "missing" };
  const chars = wanted.reduce((sum, key) => sum + key.length, 0);
  const enough = chars >= FUZZY_CHARS_MIN || best.similarity === 1;
  if (best.similarity < FUZZY_SIMILARITY_MIN || !enough) return { kind: "missing", nearest: best };
  const rivals = rivalsOf(best, wanted, starts, source.keys);
  if (rivals.length > 0) return { kind: "ambiguous", alignments: [best, ...rivals] };
  return { kind: "unique", alignment: best };
}

/** Places beside the best one that are nearly as much alike. */
function rivalsOf(
  best: Alignment,
  wanted: readonly string[],
  starts: readonly number[],
  keys: readonly string[],
): Alignment[] {
  const least = best.similarity - FUZZY_MARGIN_MIN;
  // What is near the best place would be drawn to it, so its lines are hidden from the others.
  const besideBest = (index: number) =>
    index >= best.start && index < best.end ? undefined : keys[index];
  const rivals = new Map<number, Alignment>();
  for (const start of starts) {
    const rival = alignLines(wanted, besideBest, start, least);
    if (rival !== undefined) rivals.set(rival.start, rival);
  }
  return [...rivals.values()];
}
