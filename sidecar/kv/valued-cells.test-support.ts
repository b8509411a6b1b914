import type { CellMoves, Cells } from "../engine/engine.ts";
import { SimulatedCells } from "../engine/simulated/simulated-cells.ts";
import type { SimulatedMoves } from "../engine/simulated/simulated-moves.ts";

/** What a cell would hold: it follows from its token and from all cells that it attended to. */
type Valued = { position: number; readonly value: number };

/**
 * Simulated cells that also carry values, so that a cell computed behind an older text can be told
 * from an exact one, and that record their calls in order.
 */
export class ValuedCells implements Cells {
  readonly inner: SimulatedCells;
  readonly moves: CellMoves | null;
  readonly calls: string[] = [];
  readonly cellsTokens: number;
  mostUsedTokens = 0;
  /** Cells that were given to a branch or taken from one: what a move costs a real engine. */
  touchedCells = 0;
  readonly #branches = new Map<number, Valued[]>();

  constructor(
    options: {
      canCut?: boolean;
      cellsTokens?: number;
      batchTokens?: number;
      canShift?: boolean;
      checkpointsMax?: number;
    } = {},
  ) {
    const { canCut = true, cellsTokens = 1000, batchTokens = 16, canShift = true } = options;
    const { checkpointsMax = 0 } = options;
    this.cellsTokens = cellsTokens;
    this.inner = new SimulatedCells({
      canCut,
      canShift,
      checkpointsMax,
      cellsTokens,
      batchTokens,
      beforeDecode: () => undefined,
    });
    const { moves } = this.inner;
    this.moves = moves === null ? null : this.#valued(moves);
  }

  get batchTokens(): number {
    return this.inner.batchTokens;
  }

  get checkpoint(): (() => Promise<void>) | null {
    return this.inner.checkpoint;
  }

  checkpointLengths(): readonly number[] {
    return this.inner.checkpointLengths();
  }

  evaluatedTokens(): number {
    return this.inner.evaluatedTokens();
  }

  resident(): readonly number[] {
    return this.inner.resident();
  }

  /** Values of branch 0 by position. */
  values(): number[] {
    return this.#of(0).map(({ value }) => value);
  }

  async trim(end: number): Promise<number> {
    const left = await this.inner.trim(end);
    this.#keep(0, ({ position }) => position < left);
    return left;
  }

  async decode(tokens: readonly number[]): Promise<number> {
    const elapsedMs = await this.inner.decode(tokens);
    const cells = [...this.#of(0)];
    let state = cells.reduce((earlier, { value }) => mixed(earlier, value), 0);
    for (const token of tokens) {
      const value = mixed(state, token);
      cells.push({ value, position: (cells.at(-1)?.position ?? -1) + 1 });
      state = mixed(state, value);
    }
    this.#branches.set(0, cells);
    this.calls.push("decode");
    const used = new Set([...this.#branches.values()].flat()).size;
    this.mostUsedTokens = Math.max(this.mostUsedTokens, used);
    return elapsedMs;
  }

  #valued(inner: SimulatedMoves): CellMoves {
    return {
      canShift: inner.canShift,
      copy: async (source, target) => {
        await inner.copy(source, target);
        const cells = new Set([...this.#of(target), ...this.#of(source)]);
        this.touchedCells += this.#of(source).length;
        this.#branches.set(
          target,
          [...cells].sort((a, b) => a.position - b.position),
        );
        this.calls.push("copy");
      },
      remove: (branch, from, to) => {
        inner.remove(branch, from, to);
        this.#keep(branch, ({ position }) => position < from || position >= to);
        this.calls.push("remove");
      },
      drop: (branch) => {
        inner.drop(branch);
        this.touchedCells += this.#of(branch).length;
        this.#branches.delete(branch);
        this.calls.push("drop");
      },
      shift: (branch, from, to, delta) => {
        inner.shift(branch, from, to, delta);
        for (const cell of this.#of(branch)) {
          if (cell.position >= from && cell.position < to) cell.position += delta;
        }
        this.calls.push("shift");
      },
      extentOf: (branch) => inner.extentOf(branch),
      settle: (tokens, positions) => inner.settle(tokens, positions),
    };
  }

  #of(branch: number): Valued[] {
    return this.#branches.get(branch) ?? [];
  }

  #keep(branch: number, stays: (cell: Valued) => boolean): void {
    const kept = this.#of(branch).filter(stays);
    this.touchedCells += this.#of(branch).length - kept.length;
    this.#branches.set(branch, kept);
  }
}

/** The values of cells that a fresh prefill of these tokens computes. */
export async function freshValues(tokens: readonly number[]): Promise<number[]> {
  const cells = new ValuedCells({ cellsTokens: tokens.length, batchTokens: tokens.length });
  if (tokens.length > 0) await cells.decode(tokens);
  return cells.values();
}

function mixed(state: number, value: number): number {
  return (Math.imul(state ^ value, 0x01000193) + 0x9e37) | 0;
}
