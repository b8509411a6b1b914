import type { CellMoves } from "../engine.ts";

type Cell = { readonly token: number; position: number };

/** Stands in the list of branch 0 where a position has no cell. */
export const HOLE = -1;

/** Branches of cells that share what they were copied from, as in a cache with one stream. */
export class SimulatedMoves implements CellMoves {
  readonly canShift: boolean;
  readonly #branches = new Map<number, Cell[]>();
  readonly #active: number[];

  /** @param active the ids of branch 0, kept in step with its cells. */
  constructor(active: number[], options: { readonly canShift: boolean }) {
    this.#active = active;
    this.canShift = options.canShift;
  }

  get usedTokens(): number {
    return new Set([...this.#branches.values()].flat()).size;
  }

  append(tokens: readonly number[]): void {
    const cells = this.#cellsOf(0);
    for (const token of tokens) cells.push({ token, position: (cells.at(-1)?.position ?? -1) + 1 });
    this.#branches.set(0, cells);
  }

  async copy(source: number, target: number): Promise<void> {
    const cells = new Set([...this.#cellsOf(target), ...this.#cellsOf(source)]);
    this.#branches.set(
      target,
      [...cells].sort((a, b) => a.position - b.position),
    );
    await Promise.resolve();
  }

  remove(branch: number, from: number, to: number): void {
    const outside = ({ position }: Cell): boolean => position < from || position >= to;
    this.#branches.set(branch, this.#cellsOf(branch).filter(outside));
  }

  drop(branch: number): void {
    this.#branches.delete(branch);
  }

  shift(branch: number, from: number, to: number, delta: number): void {
    if (!this.canShift) throw new Error("Cells of this engine cannot be shifted.");
    for (const cell of this.#cellsOf(branch)) {
      if (cell.position >= from && cell.position < to) cell.position += delta;
    }
  }

  extentOf(branch: number): { readonly min: number; readonly max: number } {
    const cells = this.#cellsOf(branch);
    return { min: cells[0]?.position ?? -1, max: cells.at(-1)?.position ?? -1 };
  }

  settle(tokens: readonly number[], positions: readonly number[]): void {
    const cells = this.#cellsOf(0);
    const same = cells.every(
      ({ token, position }, at) => token === tokens[at] && position === positions[at],
    );
    if (!same || cells.length !== tokens.length || cells.length !== positions.length) {
      throw new Error("Branch 0 does not hold these ids at these positions.");
    }
    this.#active.length = 0;
    for (const { token, position } of cells) {
      while (this.#active.length < position) this.#active.push(HOLE);
      this.#active.push(token);
    }
  }

  #cellsOf(branch: number): Cell[] {
    return this.#branches.get(branch) ?? [];
  }
}
