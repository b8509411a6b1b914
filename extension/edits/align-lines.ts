import { distance } from "fastest-levenshtein";

/** Differing parts of lines longer than this are not compared by character but count as different. */
const COMPARED_CHARS_MAX = 1_000;

/** Lines that one side may have more than the other, up to any point of the alignment. */
const SHIFT_MIN = 2;
const SHIFT_MAX = 8;

export type Alignment = {
  /** The first and the last line (exclusive) of the text that the wanted ones are aligned with. */
  readonly start: number;
  readonly end: number;
  /** For each wanted line the line of the text that stands for it, or -1. */
  readonly partners: readonly number[];
  readonly similarity: number;
};

/** Lines of a text, those of a region excepted. */
export type OpenLines = (index: number) => string | undefined;

/**
 * Lays the wanted lines against those of a text around `start` so that the fewest characters differ;
 * lines may be missing on either side. Beginning and end in the text are free. Undefined where
 * nothing is at least as alike as asked for.
 */
export function alignLines(
  wanted: readonly string[],
  lineAt: OpenLines,
  start: number,
  similarityMin: number,
): Alignment | undefined {
  const shift = Math.min(SHIFT_MAX, SHIFT_MIN + Math.floor(wanted.length / 8));
  const width = 2 * shift + 1;
  /** Cell (row, slot): `row` wanted lines are used up, and the text up to this line. */
  const lineOf = (row: number, slot: number) => start - shift + row + slot;
  const costMax = (charCount(wanted) * (1 - similarityMin)) / similarityMin;
  const steps: Uint8Array[] = [];
  let costs = Array.from({ length: width }, () => 0);
  for (const [row, want] of wanted.entries()) {
    const next: number[] = [];
    const stepsHere = new Uint8Array(width);
    for (let slot = 0; slot < width; slot++) {
      const line = lineAt(lineOf(row, slot));
      const paired = line === undefined ? Infinity : costs[slot]! + lineDistance(want, line);
      const leftOut = (costs[slot + 1] ?? Infinity) + want.length + 1;
      const over = lineAt(lineOf(row + 1, slot - 1));
      const skipped =
        over === undefined ? Infinity : (next[slot - 1] ?? Infinity) + over.length + 1;
      const least = Math.min(paired, leftOut, skipped);
      next.push(least);
      stepsHere[slot] = least === paired ? PAIRED : least === leftOut ? LEFT_OUT : SKIPPED;
    }
    if (Math.min(...next) > costMax) return undefined;
    steps.push(stepsHere);
    costs = next;
  }
  const alignment = traced(steps, costs, wanted, { lineOf, lineAt });
  return alignment.similarity < similarityMin ? undefined : alignment;
}

const PAIRED = 0;
const LEFT_OUT = 1;
const SKIPPED = 2;

function traced(
  steps: readonly Uint8Array[],
  costs: readonly number[],
  wanted: readonly string[],
  text: { lineOf: (row: number, slot: number) => number; lineAt: OpenLines },
): Alignment {
  const cost = Math.min(...costs);
  let slot = costs.indexOf(cost);
  let row = wanted.length;
  const end = text.lineOf(row, slot);
  const partners = wanted.map(() => -1);
  while (row > 0) {
    const step = steps[row - 1]![slot];
    if (step === SKIPPED) slot--;
    else if (step === LEFT_OUT) [row, slot] = [row - 1, slot + 1];
    else partners[--row] = text.lineOf(row, slot);
  }
  const start = text.lineOf(0, slot);
  const found: string[] = [];
  for (let line = start; line < end; line++) found.push(text.lineAt(line) ?? "");
  const charsMax = Math.max(charCount(wanted), charCount(found));
  return { start, end, partners, similarity: 1 - cost / charsMax };
}

function charCount(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** Characters to insert, remove or replace; a composed character equals its decomposed form. */
function lineDistance(wanted: string, line: string): number {
  if (wanted === line) return 0;
  const a = wanted.normalize();
  const b = line.normalize();
  const shorter = Math.min(a.length, b.length);
  let front = 0;
  while (front < shorter && a[front] === b[front]) front++;
  let back = 0;
  while (back < shorter - front && a.at(-1 - back) === b.at(-1 - back)) back++;
  const aRest = a.slice(front, a.length - back);
  const bRest = b.slice(front, b.length - back);
  const longer = Math.max(aRest.length, bRest.length);
  return longer > COMPARED_CHARS_MAX ? longer : distance(aRest, bRest);
}
