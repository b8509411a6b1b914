import type { Run } from "./run.ts";

/**
 * The runs that together keep most tokens, rising in both texts. A run that overlaps the one
 * before it loses its front: those tokens are kept once already.
 */
export function bestChain(candidates: readonly Run[]): Run[] {
  const runs = [...candidates].sort((a, b) => a.wanted - b.wanted || a.resident - b.resident);
  const kept: number[] = [];
  const before: (number | null)[] = [];
  for (const [index, run] of runs.entries()) {
    kept[index] = run.length;
    before[index] = null;
    for (let earlier = 0; earlier < index; earlier++) {
      const added = lengthBehind(run, runs[earlier]!);
      const total = kept[earlier]! + added;
      if (added > 0 && total > kept[index]) {
        kept[index] = total;
        before[index] = earlier;
      }
    }
  }
  return walk(runs, before, kept.indexOf(Math.max(...kept)));
}

function walk(runs: readonly Run[], before: readonly (number | null)[], last: number): Run[] {
  const chain: Run[] = [];
  for (let index: number | null = last; index !== null && index >= 0; index = before[index]!) {
    const run = runs[index]!;
    const earlier = before[index];
    const length =
      earlier === null || earlier === undefined ? run.length : lengthBehind(run, runs[earlier]!);
    const cut = run.length - length;
    chain.unshift({ wanted: run.wanted + cut, resident: run.resident + cut, length });
  }
  return chain;
}

/** What is left of a run when an earlier one has taken its part of both texts. */
function lengthBehind(run: Run, earlier: Run): number {
  const overlap = Math.max(
    earlier.wanted + earlier.length - run.wanted,
    earlier.resident + earlier.length - run.resident,
    0,
  );
  return run.length - overlap;
}
