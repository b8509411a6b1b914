/** Groups of three characters are counted in this many slots; two in one slot cost accuracy only. */
const SLOTS = 2 ** 16;

/** Windows that are looked at closely. */
const WINDOWS_MAX = 24;

type Window = { readonly start: number; readonly score: number };

/**
 * Where in a text lines like the wanted ones may begin, most likely first. Each line scores by the
 * groups of three characters that it shares with the wanted ones, rare groups more, so a line that
 * stands once in the text decides and a brace hardly counts. One pass over the text for counting,
 * one for scoring, whatever the number of wanted lines.
 */
export function likelyWindows(wanted: readonly string[], lines: readonly string[]): number[] {
  const weights = rarity(wanted, lines);
  const charactersMax = 2 * Math.max(...wanted.map((line) => line.length));
  const scores = new Float64Array(lines.length);
  // A group counts once in a line, or lines that repeat themselves would crowd out all others.
  const lastLine = new Int32Array(SLOTS).fill(-1);
  for (const [index, line] of lines.entries()) {
    let score = 0;
    for (let at = 0; at + 2 < line.length; at++) {
      const slot = slotAt(line, at);
      if (lastLine[slot] === index) continue;
      lastLine[slot] = index;
      score += weights[slot]!;
    }
    // A line much longer than any wanted one shares much without being alike.
    scores[index] = score * Math.min(1, charactersMax / Math.max(1, line.length));
  }
  return best(scores, wanted.length).map(({ start }) => start);
}

/** What each wanted group of characters counts: less, the more often the text has it. */
function rarity(wanted: readonly string[], lines: readonly string[]): Float64Array {
  const isWanted = new Uint8Array(SLOTS);
  for (const line of wanted) {
    for (let at = 0; at + 2 < line.length; at++) isWanted[slotAt(line, at)] = 1;
  }
  const counts = new Uint32Array(SLOTS);
  for (const line of lines) {
    for (let at = 0; at + 2 < line.length; at++) counts[slotAt(line, at)]!++;
  }
  return Float64Array.from(isWanted, (is, slot) => is / (1 + Math.log2(1 + counts[slot]!)));
}

function slotAt(line: string, at: number): number {
  const hash = line.charCodeAt(at) * 961 + line.charCodeAt(at + 1) * 31 + line.charCodeAt(at + 2);
  return hash % SLOTS;
}

/** The windows that score most; of those that overlap by more than half, the better one. */
function best(scores: Float64Array, length: number): Window[] {
  const windows: Window[] = [];
  const apart = Math.ceil(length / 2);
  const last = Math.max(0, scores.length - length);
  let score = 0;
  for (let index = 0; index < length - 1; index++) score += scores[index] ?? 0;
  let bestHere: Window | undefined;
  for (let start = 0; start <= last; start++) {
    score += scores[start + length - 1] ?? 0;
    if (score > (bestHere?.score ?? 0)) bestHere = { start, score };
    score -= scores[start] ?? 0;
    if (start % apart !== apart - 1 && start !== last) continue;
    if (bestHere !== undefined) keep(windows, bestHere);
    bestHere = undefined;
  }
  return windows;
}

function keep(windows: Window[], window: Window): void {
  if (windows.length === WINDOWS_MAX && windows.at(-1)!.score >= window.score) return;
  if (windows.length === WINDOWS_MAX) windows.pop();
  const behind = windows.findIndex(({ score }) => score < window.score);
  windows.splice(behind < 0 ? windows.length : behind, 0, window);
}
