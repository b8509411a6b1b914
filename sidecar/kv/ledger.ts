/**
 * The record of what every KV cell holds: its token, its position, the branches that see it, and
 * whether it was computed exactly. The engine tells none of this beyond the first and last
 * position of a branch, so whoever moves cells moves them here as well.
 *
 * A branch is a sequence id of the engine; branch 0 is the active one, the only one that decodes.
 */

/** Branches that can exist at once: one bit of a cell's owners for each. */
export const BRANCHES_MAX = 32;
export const ACTIVE = 0;

export type Extent = { readonly min: number; readonly max: number };

/** Positions of an empty branch, as the engine reports them. */
const EMPTY: Extent = { min: -1, max: -1 };

export class Ledger {
  readonly cellsTokens: number;
  readonly #token: Int32Array;
  readonly #position: Int32Array;
  readonly #owners: Uint32Array;
  /** The edit since which the cell is stale; 0 for an exact one. */
  readonly #staleSince: Int32Array;
  /** Cells whose keys are still to be rotated to their new position, which the next decode does. */
  readonly #pending = new Set<number>();
  readonly #free: number[] = [];
  /** Cells of each branch by rising position. */
  readonly #branches: number[][] = Array.from({ length: BRANCHES_MAX }, () => []);

  constructor(cellsTokens: number) {
    this.cellsTokens = cellsTokens;
    this.#token = new Int32Array(cellsTokens);
    this.#position = new Int32Array(cellsTokens);
    this.#owners = new Uint32Array(cellsTokens);
    this.#staleSince = new Int32Array(cellsTokens);
    for (let cell = cellsTokens - 1; cell >= 0; cell--) this.#free.push(cell);
  }

  /** Whether the next decode has keys to rotate first. */
  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  get usedTokens(): number {
    return this.cellsTokens - this.#free.length;
  }

  get freeTokens(): number {
    return this.#free.length;
  }

  /** Cells from a position on that no other branch sees: what cutting there would free. */
  ownTokens(branch: number, from = 0): number {
    const bit = bitOf(branch);
    const behind = this.#within(branch, from, Number.POSITIVE_INFINITY);
    return behind.filter((cell) => this.#owners[cell] === bit).length;
  }

  lengthOf(branch: number): number {
    return this.#cellsOf(branch).length;
  }

  tokensOf(branch: number): number[] {
    return this.#cellsOf(branch).map((cell) => this.#token[cell]!);
  }

  extentOf(branch: number): Extent {
    const cells = this.#cellsOf(branch);
    if (cells.length === 0) return EMPTY;
    return { min: this.#position[cells[0]!]!, max: this.#position[cells.at(-1)!]! };
  }

  /** Leading cells before the first stale one. */
  exactTokens(branch: number): number {
    const cells = this.#cellsOf(branch);
    const stale = cells.findIndex((cell) => this.#staleSince[cell] !== 0);
    return stale < 0 ? cells.length : stale;
  }

  staleTokens(branch: number): number {
    return this.#cellsOf(branch).filter((cell) => this.#staleSince[cell] !== 0).length;
  }

  /** Whether the cells of a branch may be saved: all exact, and none waiting for its rotation. */
  isSettled(branch: number): boolean {
    return this.#cellsOf(branch).every(
      (cell) => this.#staleSince[cell] === 0 && !this.#pending.has(cell),
    );
  }

  /** Whether no other branch sees the cells at these positions, so that they may be shifted. */
  isSingleOwner(branch: number, from: number, to: number): boolean {
    const bit = bitOf(branch);
    return this.#within(branch, from, to).every((cell) => this.#owners[cell] === bit);
  }

  /** Tokens decoded at the end of the active branch. Behind a stale cell they are stale too. */
  append(tokens: readonly number[]): void {
    if (tokens.length > this.#free.length)
      throw new RangeError("The ledger has too few free cells.");
    const cells = this.#cellsOf(ACTIVE);
    const last = cells.at(-1);
    let position = last === undefined ? 0 : this.#position[last]! + 1;
    const staleSince = last === undefined ? 0 : this.#staleSince[last]!;
    for (const token of tokens) {
      const cell = this.#free.pop()!;
      this.#token[cell] = token;
      this.#position[cell] = position++;
      this.#owners[cell] = bitOf(ACTIVE);
      this.#staleSince[cell] = staleSince;
      cells.push(cell);
    }
    // A decode applies all shifts before it computes anything.
    this.#pending.clear();
  }

  /** Adds the target to the owners of all cells of the source. */
  copy(source: number, target: number): void {
    const bit = bitOf(target);
    const cells = this.#cellsOf(target);
    const last = this.extentOf(target).max;
    const inOrder = last < this.extentOf(source).min;
    for (const cell of this.#cellsOf(source)) {
      if ((this.#owners[cell]! & bit) !== 0) continue;
      this.#owners[cell]! |= bit;
      cells.push(cell);
    }
    if (!inOrder) cells.sort((one, other) => this.#position[one]! - this.#position[other]!);
  }

  /** Takes positions from..to (exclusive) out of a branch; a cell without owners is free. */
  remove(branch: number, from: number, to: number): void {
    const bit = bitOf(branch);
    const cells = this.#cellsOf(branch);
    const start = this.#indexAt(cells, from);
    const end = Math.max(start, this.#indexAt(cells, to));
    for (let index = start; index < end; index++) {
      const cell = cells[index]!;
      this.#owners[cell]! &= ~bit;
      if (this.#owners[cell] === 0) this.#release(cell);
    }
    if (end === cells.length) cells.length = start;
    else this.#branches[branch] = [...cells.slice(0, start), ...cells.slice(end)];
  }

  drop(branch: number): void {
    this.remove(branch, 0, Number.POSITIVE_INFINITY);
  }

  /** How many leading tokens of a branch are those of a prompt. */
  commonPrefix(branch: number, wanted: readonly number[]): number {
    const cells = this.#cellsOf(branch);
    const most = Math.min(cells.length, wanted.length);
    let length = 0;
    while (length < most && this.#token[cells[length]!] === wanted[length]) length++;
    return length;
  }

  /** Moves single-owner cells to other positions. */
  shift(branch: number, from: number, to: number, delta: number): void {
    if (!this.isSingleOwner(branch, from, to)) {
      throw new Error("A shift would move cells that another branch sees.");
    }
    for (const cell of this.#within(branch, from, to)) {
      this.#position[cell]! += delta;
      this.#pending.add(cell);
    }
  }

  /**
   * Notes that the cells of a branch from a position on were computed when something before them
   * read differently. So all that stands behind a stale cell is stale.
   */
  markStale(branch: number, from: number, edit: number): void {
    for (const cell of this.#within(branch, from, Number.POSITIVE_INFINITY)) {
      this.#staleSince[cell] = edit;
    }
  }

  #release(cell: number): void {
    this.#pending.delete(cell);
    this.#staleSince[cell] = 0;
    this.#free.push(cell);
  }

  #cellsOf(branch: number): number[] {
    const cells = this.#branches[branch];
    if (cells === undefined) throw new RangeError(`There is no branch ${branch}.`);
    return cells;
  }

  #within(branch: number, from: number, to: number): number[] {
    const cells = this.#cellsOf(branch);
    return cells.slice(this.#indexAt(cells, from), this.#indexAt(cells, to));
  }

  /** Index of the first cell at or behind a position. */
  #indexAt(cells: readonly number[], position: number): number {
    let low = 0;
    let high = cells.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#position[cells[middle]!]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function bitOf(branch: number): number {
  return (1 << branch) >>> 0;
}
