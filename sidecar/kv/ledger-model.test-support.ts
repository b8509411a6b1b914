import { ACTIVE } from "./ledger.ts";

type Cell = {
  readonly token: number;
  position: number;
  readonly owners: Set<number>;
  /** The edit since which it is stale, for each branch for which it is. */
  readonly staleSince: Map<number, number>;
  pending: boolean;
};

/** The ledger as one would write it without a thought for speed. */
export class LedgerModel {
  cells: Cell[] = [];
  readonly #cellsTokens: number;

  constructor(cellsTokens: number) {
    this.#cellsTokens = cellsTokens;
  }

  get freeTokens(): number {
    return this.#cellsTokens - this.cells.length;
  }

  of(branch: number): Cell[] {
    return this.cells
      .filter(({ owners }) => owners.has(branch))
      .sort((a, b) => a.position - b.position);
  }

  within(branch: number, from: number, to: number): Cell[] {
    return this.of(branch).filter(({ position }) => position >= from && position < to);
  }

  append(tokens: readonly number[]): void {
    for (const token of tokens) {
      const last = this.of(ACTIVE).at(-1);
      const position = last === undefined ? 0 : last.position + 1;
      const since = last?.staleSince.get(ACTIVE);
      const staleSince = new Map(since === undefined ? [] : [[ACTIVE, since]]);
      this.cells.push({ token, position, staleSince, pending: false, owners: new Set([ACTIVE]) });
    }
    for (const cell of this.cells) cell.pending = false;
  }

  remove(branch: number, from: number, to: number): void {
    for (const cell of this.within(branch, from, to)) {
      cell.owners.delete(branch);
      cell.staleSince.delete(branch);
    }
    this.cells = this.cells.filter(({ owners }) => owners.size > 0);
  }

  /** All that can be asked of a ledger about a branch. */
  account(branch: number): unknown {
    const cells = this.of(branch);
    const isStale = ({ staleSince }: Cell): boolean => staleSince.has(branch);
    const stale = cells.findIndex(isStale);
    return {
      tokens: cells.map(({ token }) => token),
      positions: cells.map(({ position }) => position),
      stretches: cells.flatMap(({ position }, index) =>
        index > 0 && cells[index - 1]!.position === position - 1 ? [] : [{ index, position }],
      ),
      extent: { min: cells[0]?.position ?? -1, max: cells.at(-1)?.position ?? -1 },
      own: cells.filter(({ owners }) => owners.size === 1).length,
      exact: stale < 0 ? cells.length : stale,
      stale: cells.filter(isStale).length,
      edits: [1, 2, 3, 4].map(
        (edit) => cells.filter(({ staleSince }) => staleSince.get(branch) === edit).length,
      ),
      settled: cells.every((cell) => !isStale(cell) && !cell.pending),
    };
  }
}
