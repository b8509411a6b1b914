import type { Token } from "node-llama-cpp";
import type { CellMoves, Cells } from "../engine.ts";
import type { Capabilities } from "./capabilities.ts";
import { LlamaCellMoves } from "./cell-moves.ts";
import {
  checkpointLengths,
  type DecodeClock,
  lowestPosition,
  removeCells,
  residentTokens,
} from "./internals.ts";
import type { Seats } from "./seats.ts";

/** The only sequence that decodes. */
const ACTIVE = 0;

/** The KV cells of the active sequence. */
export class LlamaCells implements Cells {
  readonly batchTokens: number;
  readonly moves: CellMoves | null;
  readonly checkpoint: (() => Promise<void>) | null;
  readonly #seats: Seats;
  readonly #clock: DecodeClock;

  constructor(
    seats: Seats,
    options: {
      readonly batchTokens: number;
      readonly capabilities: Capabilities;
      readonly clock: DecodeClock;
    },
  ) {
    const { batchTokens, capabilities } = options;
    this.#seats = seats;
    this.#clock = options.clock;
    this.batchTokens = batchTokens;
    this.moves = capabilities.moves
      ? new LlamaCellMoves(seats, { canShift: capabilities.shifts })
      : null;
    this.checkpoint = capabilities.checkpoints ? () => seats.current.takeCheckpoint() : null;
  }

  evaluatedTokens(): number {
    const { usedInputTokens, usedOutputTokens } = this.#seats.current.tokenMeter;
    return usedInputTokens + usedOutputTokens;
  }

  resident(): readonly number[] {
    return residentTokens(this.#seats.current);
  }

  checkpointLengths(): readonly number[] {
    if (this.checkpoint === null) return [];
    const end = this.#seats.current.nextTokenIndex;
    // From here on a cut needs no kept state.
    const cuttable = Math.max(1, lowestPosition(this.#seats.current) + 1);
    const kept = checkpointLengths(this.#seats.current).filter((length) => length < cuttable);
    const direct = Math.max(0, end - cuttable + 1);
    return [...kept, ...Array.from({ length: direct }, (_, more) => cuttable + more)];
  }

  async trim(length: number): Promise<number> {
    await removeCells(this.#seats.current, length);
    return this.#seats.current.nextTokenIndex;
  }

  async decode(tokens: readonly number[]): Promise<number> {
    // The library's bookkeeping advances only after a whole call, so a call is one batch.
    if (tokens.length > this.batchTokens) {
      throw new RangeError(`A batch holds ${this.batchTokens} tokens, not ${tokens.length}.`);
    }
    await this.#seats.current.evaluateWithoutGeneratingNewTokens(tokens as Token[]);
    this.#requireFront();
    return this.#clock.latestMs;
  }

  /** An answer that has lost the front of its prompt looks like any other, so it must not come. */
  #requireFront(): void {
    const min = this.moves?.extentOf(ACTIVE).min ?? 0;
    if (min !== 0) throw new Error(`The cells before position ${min} have left the cache.`);
  }
}
