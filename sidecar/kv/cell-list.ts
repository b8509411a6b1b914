/** Room of a list when it gets its first cell; it doubles from there. */
const CELLS_FIRST = 256;

/**
 * The cells of one branch in order: a growing list of whole numbers. A branch can hold every cell
 * there is and is copied and cut all the time, so this is a typed array and not a list of objects.
 */
export class CellList {
  #cells = new Int32Array(0);
  #length = 0;

  /** @param room for so many cells before it has to grow. */
  constructor(room = 0) {
    this.#grow(room);
  }

  get length(): number {
    return this.#length;
  }

  /** The cells, for a loop. Not to be kept: the next change may leave it behind. */
  get cells(): Int32Array {
    return this.#cells.subarray(0, this.#length);
  }

  at(index: number): number {
    const cell = index < this.#length ? this.#cells[index] : undefined;
    if (cell === undefined) throw new RangeError(`There is no cell ${index} of ${this.#length}.`);
    return cell;
  }

  push(cell: number): void {
    if (this.#length === this.#cells.length) this.#grow(this.#length + 1);
    this.#cells[this.#length++] = cell;
  }

  pop(): number {
    const last = this.at(this.#length - 1);
    this.#length--;
    return last;
  }

  /** Takes the cells at from..to (exclusive) out. */
  remove(from: number, to: number): void {
    this.#cells.copyWithin(from, to, this.#length);
    this.#length -= to - from;
  }

  /** Adds cells among those there are; both rise by `key`, and no two have the same. */
  merge(added: CellList, key: Int32Array): void {
    let ours = this.#length - 1;
    let theirs = added.length - 1;
    const length = this.#length + added.length;
    this.#grow(length);
    if (ours < 0) {
      this.#cells.set(added.cells);
      this.#length = length;
      return;
    }
    // From the end, so that nothing is overwritten before it has been moved.
    for (let at = length - 1; theirs >= 0; at--) {
      const next = added.#cells[theirs]!;
      if (ours >= 0 && key[this.#cells[ours]!]! > key[next]!) {
        this.#cells[at] = this.#cells[ours--]!;
      } else {
        this.#cells[at] = next;
        theirs--;
      }
    }
    this.#length = length;
  }

  #grow(length: number): void {
    if (length <= this.#cells.length) return;
    const grown = new Int32Array(Math.max(CELLS_FIRST, 2 * this.#cells.length, length));
    grown.set(this.cells);
    this.#cells = grown;
  }
}
