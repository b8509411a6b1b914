import type { Run } from "./run.ts";

/** Cells side by side: from this index on they stand from this position on. */
export type Stretch = { readonly index: number; readonly position: number };

/**
 * Where the resident tokens stand. Their positions rise with their index, and between two
 * stretches there is a hole: positions that no cell has.
 */
export class Standing {
  readonly #stretches: readonly Stretch[];

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
  }

  /** The position of the resident token at an index. */
  positionAt(index: number): number {
    const stretch = this.#stretches.findLast((one) => one.index <= index);
    if (stretch === undefined) throw new RangeError(`No resident token has the index ${index}.`);
    return stretch.position + index - stretch.index;
  }

  /** The position behind a run. */
  endOf(run: Run): number {
    return this.positionAt(run.resident + run.length - 1) + 1;
  }

  /** A run in parts that have no hole inside. */
  split(run: Run): Run[] {
    const end = run.resident + run.length;
    const starts = this.#stretches
      .map(({ index }) => index)
      .filter((index) => index > run.resident && index < end);
    return [run.resident, ...starts].map((resident, part) => ({
      resident,
      wanted: run.wanted + resident - run.resident,
      length: (starts[part] ?? end) - resident,
    }));
  }
}
