import type { Stretch } from "../plan/standing.ts";
import { CellList } from "./cell-list.ts";

/**
 * The record of what every KV cell holds: its token, its position, the branches that see it, and
 * whether it was computed exactly. The engine tells none of this beyond the first and last
 * position of a branch, so whoever moves cells moves them here as well.
 *
 * A branch is a sequence id of the engine; branch 0 is the active one, the only one that decodes.
 * Its cells rise in position, and there may be holes: a position without a cell. An *index* counts
 * the cells of a branch in order and has no holes.
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
  readonly #owners: Int32Array;
  /** For each branch with stale cells: the edit since which each is stale, 0 where it is exact. */
  readonly #staleSince: (Int32Array | undefined)[] = [];
  /** Cells whose keys are still to be rotated to their new position, which the next decode does. */
  readonly #pending = new Set<number>();
  readonly #free = new CellList();
  readonly #branches = Array.from({ length: BRANCHES_MAX }, () => new CellList());

  constructor(cellsTokens: number) {
    this.cellsTokens = cellsTokens;
    this.#token = new Int32Array(cellsTokens);
    this.#position = new Int32Array(cellsTokens);
    this.#owners = new Int32Array(cellsTokens);
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

  /** Cells from an index on that no other branch sees: what cutting there would free. */
  ownTokens(branch: number, from = 0): number {
    const bit = bitOf(branch);
    const { cells } = this.#cellsOf(branch);
    let own = 0;
    for (let index = from; index < cells.length; index++) {
      if (this.#owners[cells[index]!] === bit) own++;
    }
    return own;
  }

  lengthOf(branch: number): number {
    return this.#cellsOf(branch).length;
  }

  tokensOf(branch: number): number[] {
    return valuesOf(this.#cellsOf(branch), this.#token);
  }

  positionsOf(branch: number): number[] {
    return valuesOf(this.#cellsOf(branch), this.#position);
  }

  positionAt(branch: number, index: number): number {
    return this.#position[this.#cellsOf(branch).at(index)]!;
  }

  /** The position behind the first `length` cells: where they would be cut. */
  endOf(branch: number, length = this.lengthOf(branch)): number {
    return length === 0 ? 0 : this.positionAt(branch, length - 1) + 1;
  }

  /** Where the cells of a branch stand. */
  stretchesOf(branch: number): Stretch[] {
    const { cells } = this.#cellsOf(branch);
    const stretches: Stretch[] = [];
    let next = -1;
    for (let index = 0; index < cells.length; index++) {
      const position = this.#position[cells[index]!]!;
      if (position !== next) stretches.push({ index, position });
      next = position + 1;
    }
    return stretches;
  }

  extentOf(branch: number): Extent {
    const { length } = this.#cellsOf(branch);
    if (length === 0) return EMPTY;
    return { min: this.positionAt(branch, 0), max: this.positionAt(branch, length - 1) };
  }

  /** Leading cells before the first stale one. */
  exactTokens(branch: number): number {
    const { cells } = this.#cellsOf(branch);
    const since = this.#staleSince[branch];
    if (since === undefined) return cells.length;
    let exact = 0;
    while (exact < cells.length && since[cells[exact]!] === 0) exact++;
    return exact;
  }

  staleTokens(branch: number): number {
    return [...this.staleEdits(branch).values()].reduce((total, tokens) => total + tokens, 0);
  }

  /** How many cells are stale since which edit: the first whose older text they saw. */
  staleEdits(branch: number): ReadonlyMap<number, number> {
    const since = this.#staleSince[branch];
    const tokens = new Map<number, number>();
    if (since === undefined) return tokens;
    for (const cell of this.#cellsOf(branch).cells) {
      const edit = since[cell]!;
      if (edit !== 0) tokens.set(edit, (tokens.get(edit) ?? 0) + 1);
    }
    return tokens;
  }

  /** Whether the cells of a branch may be saved: all exact, and none waiting for its rotation. */
  isSettled(branch: number): boolean {
    const { cells } = this.#cellsOf(branch);
    return (
      this.exactTokens(branch) === cells.length && !cells.some((cell) => this.#pending.has(cell))
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
    const list = this.#cellsOf(ACTIVE);
    const bit = bitOf(ACTIVE);
    let position = this.endOf(ACTIVE);
    const since = this.#staleSince[ACTIVE];
    const stale = list.length === 0 ? 0 : (since?.[list.at(list.length - 1)] ?? 0);
    for (const token of tokens) {
      const cell = this.#free.pop();
      this.#token[cell] = token;
      this.#position[cell] = position++;
      this.#owners[cell] = bit;
      if (since !== undefined) since[cell] = stale;
      list.push(cell);
    }
    // A decode applies all shifts before it computes anything.
    this.#pending.clear();
  }

  /** Adds the target to the owners of all cells of the source; what is stale there is so here. */
  copy(source: number, target: number): void {
    const bit = bitOf(target);
    const { cells } = this.#cellsOf(source);
    const staleThere = this.#staleSince[source];
    const staleHere = staleThere === undefined ? undefined : this.#staleSinceOf(target);
    const added = new CellList(cells.length);
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      if ((this.#owners[cell]! & bit) !== 0) continue;
      this.#owners[cell]! |= bit;
      if (staleHere !== undefined) staleHere[cell] = staleThere![cell]!;
      added.push(cell);
    }
    this.#cellsOf(target).merge(added, this.#position);
  }

  /** Takes positions from..to (exclusive) out of a branch; a cell without owners is free. */
  remove(branch: number, from: number, to: number): void {
    const bit = bitOf(branch);
    const list = this.#cellsOf(branch);
    const start = this.#indexAt(list, from);
    const end = Math.max(start, this.#indexAt(list, to));
    const { cells } = list;
    const since = this.#staleSince[branch];
    for (let index = start; index < end; index++) {
      const cell = cells[index]!;
      this.#owners[cell]! &= ~bit;
      if (since !== undefined) since[cell] = 0;
      if (this.#owners[cell] === 0) this.#release(cell);
    }
    list.remove(start, end);
  }

  drop(branch: number): void {
    this.remove(branch, 0, Number.POSITIVE_INFINITY);
  }

  /** How many leading tokens of a branch are those of a prompt. */
  commonPrefix(branch: number, wanted: readonly number[]): number {
    const { cells } = this.#cellsOf(branch);
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
   * read differently, which an edit has changed. So all that stands behind a stale cell is stale;
   * what is stale already stays so since the edit that it is. For another branch that sees the
   * cells, nothing has changed.
   *
   * @param edit a number of the caller's, above 0.
   */
  markStale(branch: number, from: number, edit: number): void {
    const since = this.#staleSinceOf(branch);
    for (const cell of this.#within(branch, from, Number.POSITIVE_INFINITY)) since[cell] ||= edit;
  }

  /** How many leading cells two branches share, stale in both since the same edit or in neither. */
  sharedFront(one: number, other: number): number {
    const [ours, theirs] = [this.#cellsOf(one).cells, this.#cellsOf(other).cells];
    const [oursSince, theirsSince] = [this.#staleSince[one], this.#staleSince[other]];
    const most = Math.min(ours.length, theirs.length);
    let shared = 0;
    for (; shared < most; shared++) {
      const cell = ours[shared]!;
      if (cell !== theirs[shared]) break;
      if ((oursSince?.[cell] ?? 0) !== (theirsSince?.[cell] ?? 0)) break;
    }
    return shared;
  }

  #staleSinceOf(branch: number): Int32Array {
    return (this.#staleSince[branch] ??= new Int32Array(this.cellsTokens));
  }

  #release(cell: number): void {
    if (this.#pending.size > 0) this.#pending.delete(cell);
    this.#free.push(cell);
  }

  #cellsOf(branch: number): CellList {
    const cells = this.#branches[branch];
    if (cells === undefined) throw new RangeError(`There is no branch ${branch}.`);
    return cells;
  }

  #within(branch: number, from: number, to: number): Int32Array {
    const list = this.#cellsOf(branch);
    return list.cells.subarray(this.#indexAt(list, from), this.#indexAt(list, to));
  }

  /** Index of the first cell at or behind a position. */
  #indexAt({ cells }: CellList, position: number): number {
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

/** What is recorded of each cell of a list. A loop, because this runs whenever cells have moved. */
function valuesOf({ cells }: CellList, record: Int32Array): number[] {
  const values: number[] = [];
  for (let index = 0; index < cells.length; index++) values.push(record[cells[index]!]!);
  return values;
}

function bitOf(branch: number): number {
  return 1 << branch;
}
