import type { Reuse } from "../../protocol/generate.ts";
import { align } from "./align.ts";
import { costMs, type Speeds } from "./cost.ts";
import { joined, place, type Placed, type PlaceOptions } from "./place.ts";
import type { Run } from "./run.ts";
import { Standing, type Stretch } from "./standing.ts";

/**
 * What has to happen so that the wanted tokens become resident: the pieces of the wanted prompt in
 * order, each kept from the cells or computed. Reuse of other kinds adds pieces here and nowhere
 * else. All numbers count tokens of the prompt or of what is resident; where the cells of those
 * stand is another matter (`standing.ts`), and `delta` alone is about it.
 */
export type Plan = {
  readonly pieces: readonly Piece[];
  /** Wanted tokens that stay where they are as the common prefix. */
  readonly prefixTokens: number;
  /** Wanted tokens kept behind a changed region or a hole, and moved if they have to be. */
  readonly splicedTokens: number;
  /** Of the computed tokens, those that could have been kept and only mend a seam. */
  readonly healedTokens: number;
  /** Where wanted leaves resident, if anything resident is lost by it. */
  readonly divergence: { readonly tokenIndex: number; readonly droppedTokens: number } | null;
};

export type Piece =
  | ({ readonly kind: "keep" } & Placed)
  | { readonly kind: "prefill"; readonly from: number; readonly to: number };

export type PlanOptions = {
  readonly reuse: Reuse;
  /**
   * Wanted tokens at the end that someone else will decode: sampling needs the logits of the last
   * one, so generation leaves 1 and warming up leaves 0.
   */
  readonly leave: 0 | 1;
  /** Leading resident tokens that are exact. */
  readonly exactTokens: number;
  /** How many resident tokens a cut to this many leaves: fewer where the state cannot be cut. */
  readonly landing: (tokens: number) => number;
  /** Tokens computed anew at the front of each kept run. */
  readonly healTokens: number;
  /** Kept runs behind the prefix that the cells have branches for; 0 when cells cannot move. */
  readonly runsMax: number;
  /** Where the resident tokens stand. */
  readonly stretches: readonly Stretch[];
  readonly positionsMax: PlaceOptions["positionsMax"];
  readonly canShift: PlaceOptions["canShift"];
  readonly speeds: Speeds;
};

/** A shorter run is not worth a branch of its own. */
const RUN_TOKENS_MIN = 64;

/**
 * What a pass of shifts may take before a hole is left instead, as it does in large allocations.
 * Behind a hole a model is led further astray than behind a shift (on random weights 0.8 to 3 nats
 * from a fresh prefill against 0.1 to 0.7), so it is not left for less.
 */
const SHIFT_MS_BEARABLE = 150;

export function planReuse(
  wanted: readonly number[],
  resident: readonly number[],
  options: PlanOptions,
): Plan {
  const { reuse, leave, exactTokens, healTokens } = options;
  const to = wanted.length - leave;
  const usable = reuse === "exact" ? resident.slice(0, exactTokens) : resident;
  const prefix = commonPrefix(wanted, usable);
  // Nothing is cut to warm what is resident already.
  const keep = prefix === wanted.length && leave === 0 ? to : options.landing(Math.min(prefix, to));
  const runs = reuse === "exact" ? [] : runsBehind(wanted, resident, keep, options);
  const [first, ...kept] = cheapest(keep, runs, wanted.length, options);
  const splicedTokens = lengthOf(kept);
  const seams = kept.filter(({ wanted: at }) => runs.some((run) => run.wanted === at));
  const droppedTokens = resident.length - first.length - splicedTokens;
  return {
    pieces: piecesOf([first, ...kept], to),
    prefixTokens: first.length,
    splicedTokens,
    healedTokens: seams.length * healTokens,
    divergence:
      droppedTokens > 0 && prefix < wanted.length
        ? { tokenIndex: Math.min(commonPrefix(wanted, resident), prefix), droppedTokens }
        : null,
  };
}

/** Equal runs behind the prefix, each shortened by what heals its seam. */
function runsBehind(
  wanted: readonly number[],
  resident: readonly number[],
  prefix: number,
  { reuse, runsMax, healTokens, leave }: PlanOptions,
): Run[] {
  if (runsMax === 0 || prefix >= resident.length) return [];
  const found = align(wanted, resident, RUN_TOKENS_MIN).filter((run) => run.wanted >= prefix);
  return (reuse === "auto" ? onlyDeletions(found, prefix) : found)
    .map((run) => shortened(run, healTokens, wanted.length - leave))
    .filter((run) => run.length >= RUN_TOKENS_MIN);
}

type Kept = readonly [prefix: Placed, ...runs: Placed[]];

/**
 * The best of three ways: to shift all runs together, to leave every run where it is, and to keep
 * the prefix alone. A way that computes more than the last is never taken.
 */
function cheapest(
  prefix: number,
  runs: readonly Run[],
  wantedTokens: number,
  options: PlanOptions,
): Kept {
  const standing = new Standing(options.stretches);
  const front = prefix === 0 ? [] : standing.split({ wanted: 0, resident: 0, length: prefix });
  const parts = [...front, ...runs.flatMap((run) => standing.split(run))];
  const placing = { ...options, standing, wantedTokens };
  const staying = keptOf(parts, false, placing, options.runsMax);
  const shifted = keptOf(parts, true, placing, options.runsMax);
  const alone = keptOf(front, false, placing, 0);
  const cost = (kept: Kept): number =>
    costMs(
      {
        prefillTokens: wantedTokens - options.leave - lengthOf(kept),
        shifts: kept.some(({ delta }) => delta !== 0),
      },
      options.speeds,
    );
  const sameKept = lengthOf(staying) === lengthOf(shifted);
  const holes = sameKept
    ? !opensHoles(staying, standing) || options.speeds.shiftMs > SHIFT_MS_BEARABLE
    : cost(staying) < cost(shifted);
  const spliced = holes ? staying : shifted;
  return cost(alone) < cost(spliced) ? alone : spliced;
}

/** Whether kept cells would stand behind more empty positions than they do now. */
function opensHoles(kept: Kept, standing: Standing): boolean {
  const last = kept.at(-1)!;
  if (last.length === 0) return false;
  const resident = last.resident + last.length - 1;
  const position = standing.positionAt(resident);
  return position + last.delta - (last.wanted + last.length - 1) > position - resident;
}

/** Runs that are placed, the prefix before them, and no more runs than there are branches for. */
function keptOf(
  parts: readonly Run[],
  shifts: boolean,
  placing: PlaceOptions,
  runsMax: number,
): Kept {
  const first = withPrefix(joined(place(parts, shifts, placing)));
  const [prefix, ...runs] = first;
  const chosen = longest(runs, runsMax);
  if (chosen.length === runs.length) return first;
  // What is given up is computed, and so what stands behind it may have to go elsewhere.
  return withPrefix(place([...(prefix.length > 0 ? [prefix] : []), ...chosen], shifts, placing));
}

/** The first piece is the prefix, even an empty one. */
function withPrefix(placed: readonly Placed[]): Kept {
  const [first, ...rest] = placed;
  const empty = { wanted: 0, resident: 0, length: 0, delta: 0 };
  if (first === undefined) return [empty];
  const inPlace = first.wanted === 0 && first.resident === 0 && first.delta === 0;
  return inPlace ? [first, ...rest] : [empty, first, ...rest];
}

function shortened(run: Run, front: number, end: number): Run {
  const length = Math.min(run.wanted + run.length, end) - run.wanted - front;
  return { wanted: run.wanted + front, resident: run.resident + front, length };
}

/** The runs before the first one that has new text in front of it. */
function onlyDeletions(runs: readonly Run[], prefix: number): Run[] {
  const kept: Run[] = [];
  let end = prefix;
  for (const run of runs) {
    if (run.wanted > end) break;
    kept.push(run);
    end = run.wanted + run.length;
  }
  return kept;
}

function longest(runs: readonly Placed[], runsMax: number): Placed[] {
  const worthwhile = runs.filter(({ length }) => length >= RUN_TOKENS_MIN);
  const chosen = new Set(worthwhile.sort((a, b) => b.length - a.length).slice(0, runsMax));
  return runs.filter((run) => chosen.has(run));
}

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((total, { length }) => total + length, 0);
}

function piecesOf(kept: Kept, to: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const run of kept) {
    if (run.wanted > at) pieces.push({ kind: "prefill", from: at, to: run.wanted });
    pieces.push({ kind: "keep", ...run });
    at = run.wanted + run.length;
  }
  if (at < to) pieces.push({ kind: "prefill", from: at, to });
  return pieces;
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a[index] === b[index]) index++;
  return index;
}
