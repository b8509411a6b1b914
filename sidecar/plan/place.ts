import type { Run } from "./run.ts";
import type { Standing } from "./standing.ts";

/** A kept run, and what is added to the positions of its cells: 0 where they stay. */
export type Placed = Run & { readonly delta: number };

export type PlaceOptions = {
  readonly standing: Standing;
  readonly wantedTokens: number;
  /** Positions there are for the wanted tokens. */
  readonly positionsMax: number;
  /** Whether the cells of a resident run may get other positions. */
  readonly canShift: (run: Run) => boolean;
};

/**
 * Positions of all holes together. A hole costs no cell, but room in the window, and it makes what
 * stands before it seem further away than it is: the length of a long tool result that was taken
 * out, and no more.
 */
export const HOLES_TOKENS_MAX = 4096;

/**
 * Says for each run whether it stays where it is, is shifted or is not kept. The cells of a prompt
 * must rise in position, and nothing else is asked of them: so where the text before a run became
 * shorter, the run may stay and leave a hole, which costs nothing, and where it became longer, it
 * may stay if an older hole has the room. (White space in the hole would do the same, and change
 * the prompt.) With `shifts`, runs close up to what stands before them instead: a pass of shifts
 * costs the same however many runs it moves.
 */
export function place(runs: readonly Run[], shifts: boolean, options: PlaceOptions): Placed[] {
  const { standing, canShift } = options;
  const movable = new Set(
    shifts ? runs.filter((run) => !isFront(run, standing) && canShift(run)) : [],
  );
  const fixed = runs.filter((run) => !movable.has(run)).map((run) => slackOf(run, standing));
  const staying = new Set(heaviestRising(fixed, slackMax(options)));
  const placed: Placed[] = [];
  let slack = 0;
  for (const run of runs) {
    if (movable.has(run)) {
      placed.push({ ...run, delta: run.wanted + slack - standing.positionAt(run.resident) });
    } else if (staying.has(run)) {
      placed.push({ ...run, delta: 0 });
      slack = slackOf(run, standing).after;
    }
  }
  return placed;
}

/** Joins neighbours that stay, with the hole between them, if there is one. */
export function joined(placed: readonly Placed[]): Placed[] {
  const pieces: Placed[] = [];
  for (const run of placed) {
    const last = pieces.at(-1);
    const follows =
      last !== undefined &&
      last.delta === 0 &&
      run.delta === 0 &&
      last.wanted + last.length === run.wanted &&
      last.resident + last.length === run.resident;
    if (follows) pieces[pieces.length - 1] = { ...last, length: last.length + run.length };
    else pieces.push(run);
  }
  return pieces;
}

function isFront({ wanted, resident }: Run, standing: Standing): boolean {
  return wanted === 0 && standing.positionAt(resident) === 0;
}

/** The positions of all holes before the end of a run, were it to stay: at its front and end. */
type Slack = { readonly run: Run; readonly before: number; readonly after: number };

function slackOf(run: Run, standing: Standing): Slack {
  return {
    run,
    before: standing.positionAt(run.resident) - run.wanted,
    after: standing.endOf(run) - run.wanted - run.length,
  };
}

function slackMax({ positionsMax, wantedTokens }: PlaceOptions): number {
  return Math.min(HOLES_TOKENS_MAX, positionsMax - wantedTokens);
}

/** The runs that keep most tokens while holes only add up, from one run to the next. */
function heaviestRising(slacks: readonly Slack[], most: number): Run[] {
  const usable = slacks.filter(({ before, after }) => before >= 0 && after <= most);
  const kept: number[] = [];
  const earlier: number[] = [];
  for (const [index, { run, before }] of usable.entries()) {
    kept[index] = run.length;
    earlier[index] = -1;
    for (let other = 0; other < index; other++) {
      const total = kept[other]! + run.length;
      if (usable[other]!.after > before || total <= kept[index]) continue;
      kept[index] = total;
      earlier[index] = other;
    }
  }
  const chain: Run[] = [];
  let at = kept.reduce((best, total, index) => (total > (kept[best] ?? 0) ? index : best), -1);
  for (; at >= 0; at = earlier[at]!) chain.unshift(usable[at]!.run);
  return chain;
}
