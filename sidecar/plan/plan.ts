import type { Reuse } from "../../protocol/generate.ts";
import { align } from "./align.ts";
import type { Run } from "./run.ts";

/**
 * What has to happen so that the wanted tokens become resident: the pieces of the wanted prompt in
 * order, each kept from the cells or computed. Reuse of other kinds adds pieces here and nowhere
 * else.
 */
export type Plan = {
  readonly pieces: readonly Piece[];
  /** Wanted tokens that stay where they are as the common prefix. */
  readonly prefixTokens: number;
  /** Wanted tokens kept behind a changed region, and moved if it changed its length. */
  readonly splicedTokens: number;
  /** Of the computed tokens, those that could have been kept and only mend a seam. */
  readonly healedTokens: number;
  /** Where wanted leaves resident, if anything resident is lost by it. */
  readonly divergence: { readonly tokenIndex: number; readonly droppedTokens: number } | null;
};

export type Piece =
  | ({ readonly kind: "keep" } & Run)
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
  /** Tokens computed anew at the front of each kept run. */
  readonly healTokens: number;
  /** Kept runs behind the prefix that the cells have branches for; 0 when cells cannot move. */
  readonly runsMax: number;
  /** Whether the cells of a resident run may get other positions. */
  readonly canShift: (run: Run) => boolean;
  /** What one pass of shifts costs, in prefilled tokens of the same time. */
  readonly shiftTokens: number;
};

/** A shorter run is not worth a branch of its own. */
const RUN_TOKENS_MIN = 64;

export function planReuse(
  wanted: readonly number[],
  resident: readonly number[],
  options: PlanOptions,
): Plan {
  const { reuse, leave, exactTokens } = options;
  const to = wanted.length - leave;
  const usable = reuse === "exact" ? resident.slice(0, exactTokens) : resident;
  const prefix = commonPrefix(wanted, usable);
  const common = commonPrefix(wanted, resident);
  const keep = Math.min(prefix, to);
  const runs = reuse === "exact" ? [] : keptRuns(wanted, resident, keep, options);
  const kept = runs.reduce((total, { length }) => total + length, 0);
  const droppedTokens = resident.length - Math.max(keep, prefix) - kept;
  return {
    pieces: piecesOf(keep, runs, to),
    prefixTokens: keep,
    splicedTokens: kept,
    healedTokens: runs.length * options.healTokens,
    divergence:
      droppedTokens > 0 && prefix < wanted.length
        ? { tokenIndex: Math.min(common, prefix), droppedTokens }
        : null,
  };
}

/** Runs behind the prefix, as many as pay, each shortened by what heals its seam. */
function keptRuns(
  wanted: readonly number[],
  resident: readonly number[],
  prefix: number,
  options: PlanOptions,
): Run[] {
  const { healTokens, runsMax, canShift, shiftTokens, leave } = options;
  if (runsMax === 0 || prefix >= resident.length) return [];
  const found = align(wanted, resident, RUN_TOKENS_MIN).filter((run) => run.wanted >= prefix);
  const usable = (options.reuse === "auto" ? onlyDeletions(found, prefix) : found)
    .map((run) => shortened(run, healTokens, wanted.length - leave))
    .filter((run) => run.length >= RUN_TOKENS_MIN)
    .filter((run) => run.wanted === run.resident || canShift(run));
  const runs = longest(usable, runsMax);
  const kept = runs.reduce((total, { length }) => total + length, 0);
  const shifts = runs.some((run) => run.wanted !== run.resident);
  return shifts && kept <= shiftTokens ? [] : runs;
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

function longest(runs: readonly Run[], runsMax: number): Run[] {
  const chosen = new Set([...runs].sort((a, b) => b.length - a.length).slice(0, runsMax));
  return runs.filter((run) => chosen.has(run));
}

/** The first piece is the prefix, even an empty one. */
function piecesOf(prefix: number, runs: readonly Run[], to: number): Piece[] {
  const pieces: Piece[] = [{ kind: "keep", wanted: 0, resident: 0, length: prefix }];
  let at = prefix;
  for (const run of runs) {
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
