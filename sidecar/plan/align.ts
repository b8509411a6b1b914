import { bestChain } from "./best-chain.ts";
import type { Run } from "./run.ts";

/** Tokens of one anchor. Every run of twice as many has one in it. */
const ANCHOR_TOKENS = 16;
export const RUN_TOKENS_MIN = 2 * ANCHOR_TOKENS;
/** Text that repeats itself more often than this is no good anchor. */
const SAME_ANCHORS_MAX = 8;
/** Runs that are weighed against each other; more mean that little is left to keep. */
const CANDIDATES_MAX = 512;
/**
 * Tokens compared to grow runs, some milliseconds of work. A long text that repeats itself has more
 * runs than that; beyond it, no others are looked for where one has been found.
 */
const GROWN_TOKENS_MAX = 3_000_000;

/**
 * Finds the runs of equal tokens that keep most, in order and without overlap: the common prefix,
 * then runs of at least `runTokensMin`. The resident tokens are cut into anchors, and the wanted
 * ones are scanned for them with a rolling hash, so it takes time in proportion to both lengths
 * (the idea is rsync's). Text that occurs several times gives several candidates, of which the
 * chain that keeps most stays.
 */
export function align(
  wanted: readonly number[],
  resident: readonly number[],
  runTokensMin: number,
): Run[] {
  const prefix = commonLength(wanted, resident, 0, 0);
  const start: Run[] = prefix > 0 ? [{ wanted: 0, resident: 0, length: prefix }] : [];
  const least = Math.max(runTokensMin, RUN_TOKENS_MIN);
  const chain = bestChain(candidatesOf(wanted, resident, prefix, least));
  // Where runs overlap, the chain has cut one of them, perhaps to a few tokens.
  return [...start, ...chain.filter(({ length }) => length >= least)];
}

function candidatesOf(
  wanted: readonly number[],
  resident: readonly number[],
  prefix: number,
  runTokensMin: number,
): Run[] {
  const anchors = anchorsOf(resident, prefix);
  const candidates: Run[] = [];
  /** Up to where each offset between the two texts has been looked at. */
  const seenTo = new Map<number, number>();
  /**
   * The end of the runs that were found, and how far into them to look for others: anchors may lie
   * anywhere. One of use goes on behind them, has an anchor there and grows back from it.
   */
  let [knownTo, triedTo] = [prefix, prefix];
  let grownTokens = 0;
  let window = new RollingHash(wanted, prefix);
  for (let at = prefix; at + ANCHOR_TOKENS <= wanted.length;) {
    for (const found of anchors.get(window.hash) ?? []) {
      if ((seenTo.get(found - at) ?? 0) > at) continue;
      const run = grow(wanted, resident, { at, found, least: prefix });
      grownTokens += run.length;
      if (at >= knownTo) triedTo = at + ANCHOR_TOKENS;
      knownTo = Math.max(knownTo, run.wanted + run.length);
      seenTo.set(found - at, run.wanted + run.length + 1);
      if (run.length >= runTokensMin) candidates.push(run);
      if (candidates.length >= CANDIDATES_MAX) return candidates;
    }
    at++;
    if (grownTokens > GROWN_TOKENS_MAX) triedTo = at;
    if (at < triedTo || at >= knownTo) window.advance();
    else {
      at = knownTo;
      window = new RollingHash(wanted, at);
    }
  }
  return candidates;
}

/** Extends a match to both sides as far as the tokens agree. */
function grow(
  wanted: readonly number[],
  resident: readonly number[],
  match: { readonly at: number; readonly found: number; readonly least: number },
): Run {
  let { at, found } = match;
  const { least } = match;
  while (at > least && found > least && wanted[at - 1] === resident[found - 1]) {
    at--;
    found--;
  }
  return { wanted: at, resident: found, length: commonLength(wanted, resident, at, found) };
}

function commonLength(
  a: readonly number[],
  b: readonly number[],
  aStart: number,
  bStart: number,
): number {
  const most = Math.min(a.length - aStart, b.length - bStart);
  let length = 0;
  while (length < most && a[aStart + length] === b[bStart + length]) length++;
  return length;
}

/** The hash of the anchor-long window that starts at a position, moved on by one at a time. */
class RollingHash {
  hash = 0;
  readonly #tokens: readonly number[];
  #at: number;

  constructor(tokens: readonly number[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
    for (let index = at; index < at + ANCHOR_TOKENS; index++) this.#add(tokens[index] ?? 0);
  }

  advance(): void {
    const leaving = this.#tokens[this.#at] ?? 0;
    this.hash = (this.hash - Math.imul(leaving, LEAVING_FACTOR)) | 0;
    this.#add(this.#tokens[this.#at + ANCHOR_TOKENS] ?? 0);
    this.#at++;
  }

  #add(token: number): void {
    this.hash = (Math.imul(this.hash, FACTOR) + token) | 0;
  }
}

const FACTOR = 0x01000193;
const LEAVING_FACTOR = Array.from({ length: ANCHOR_TOKENS - 1 }).reduce<number>(
  (power) => Math.imul(power, FACTOR),
  1,
);

function anchorsOf(resident: readonly number[], from: number): Map<number, number[]> {
  const anchors = new Map<number, number[]>();
  for (let start = from; start + ANCHOR_TOKENS <= resident.length; start += ANCHOR_TOKENS) {
    const { hash } = new RollingHash(resident, start);
    const starts = anchors.get(hash);
    if (starts === undefined) anchors.set(hash, [start]);
    else if (starts.length < SAME_ANCHORS_MAX) starts.push(start);
  }
  return anchors;
}
