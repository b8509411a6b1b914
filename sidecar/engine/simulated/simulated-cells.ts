import type { Cells, Seat } from "../engine.ts";
import { SimulatedMoves } from "./simulated-moves.ts";

export type BeforeDecode = () => Promise<void> | undefined;

/** KV cells that only remember ids, and refuse what the port forbids. */
export class SimulatedCells implements Cells {
  readonly batchTokens: number;
  readonly #cellsTokens: number;
  readonly #canCut: boolean;
  readonly #beforeDecode: BeforeDecode;
  readonly #resident: number[] = [];
  readonly #checkpointsMax: number;
  readonly #checkpoints: number[] = [];
  readonly #branches: SimulatedMoves;
  #busy = false;
  /** Of each seat, by its number. */
  readonly #evaluatedTokens: number[] = [0];
  #seat = 0;
  #decodeCalls = 0;

  constructor(options: {
    readonly batchTokens: number;
    readonly cellsTokens: number;
    readonly canCut: boolean;
    readonly canShift: boolean;
    /** How many states are kept of those that cannot be cut; with 0, none can be. */
    readonly checkpointsMax?: number;
    readonly beforeDecode: BeforeDecode;
  }) {
    this.batchTokens = options.batchTokens;
    this.#cellsTokens = options.cellsTokens;
    this.#canCut = options.canCut;
    this.#beforeDecode = options.beforeDecode;
    this.#checkpointsMax = options.canCut ? 0 : (options.checkpointsMax ?? 0);
    this.#branches = new SimulatedMoves(this.#resident, { canShift: options.canShift });
  }

  /** A state that cannot be cut cannot be moved either. */
  get moves(): SimulatedMoves | null {
    return this.#canCut ? this.#branches : null;
  }

  get checkpoint(): (() => Promise<void>) | null {
    return this.#checkpointsMax === 0 ? null : () => this.#alone(() => this.#keepState());
  }

  checkpointLengths(): readonly number[] {
    return this.#checkpoints;
  }

  get decodeCalls(): number {
    return this.#decodeCalls;
  }

  /** Who has the cells now. */
  get seat(): number {
    return this.#seat;
  }

  openSeat(): Seat {
    const seat = this.#evaluatedTokens.push(0) - 1;
    return {
      take: () => {
        this.#seat = seat;
      },
    };
  }

  /** Over all seats. */
  get allEvaluatedTokens(): number {
    return this.#evaluatedTokens.reduce((sum, tokens) => sum + tokens, 0);
  }

  evaluatedTokens(): number {
    return this.#evaluatedTokens[this.#seat]!;
  }

  /** The live list, like that of the real engine: whoever keeps it sees it change. */
  resident(): readonly number[] {
    return this.#resident;
  }

  async trim(position: number): Promise<number> {
    if (position < 0 || position > this.#resident.length) {
      throw new RangeError(`${this.#resident.length} tokens cannot be cut to ${position}.`);
    }
    return await this.#alone(() => {
      if (position < this.#resident.length) this.#resident.length = this.#cutTo(position);
      while ((this.#checkpoints.at(-1) ?? 0) > this.#resident.length) this.#checkpoints.pop();
      this.#branches.remove(0, this.#resident.length, Number.POSITIVE_INFINITY);
      return this.#resident.length;
    });
  }

  async decode(tokens: readonly number[]): Promise<number> {
    if (tokens.length === 0) throw new RangeError("A batch holds at least one token.");
    if (tokens.length > this.batchTokens) {
      throw new RangeError(`A batch holds ${this.batchTokens} tokens, not ${tokens.length}.`);
    }
    await this.#beforeDecode();
    const startMs = performance.now();
    await this.#alone(() => {
      if (this.#branches.usedTokens + tokens.length > this.#cellsTokens) {
        throw new RangeError(`There are ${this.#cellsTokens} cells and no more.`);
      }
      if (this.#resident.length + tokens.length > this.#cellsTokens) {
        throw new RangeError(`There are positions for ${this.#cellsTokens} tokens and no more.`);
      }
      this.#resident.push(...tokens);
      this.#branches.append(tokens);
      this.#evaluatedTokens[this.#seat]! += tokens.length;
      this.#decodeCalls++;
    });
    return performance.now() - startMs;
  }

  #cutTo(position: number): number {
    if (this.#canCut) return position;
    return this.#checkpoints.findLast((length) => length <= position) ?? 0;
  }

  #keepState(): void {
    const { length } = this.#resident;
    if (length === 0 || this.#checkpoints.at(-1) === length) return;
    this.#checkpoints.push(length);
    if (this.#checkpoints.length > this.#checkpointsMax) this.#checkpoints.shift();
  }

  /** Takes a moment, as the real work does, so that a second user of the cells would be seen. */
  async #alone<T>(work: () => T): Promise<T> {
    if (this.#busy) throw new Error("The cells have two users at once.");
    this.#busy = true;
    try {
      await Promise.resolve();
      return work();
    } finally {
      this.#busy = false;
    }
  }
}
