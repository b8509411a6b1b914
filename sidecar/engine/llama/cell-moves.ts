import type { Token } from "node-llama-cpp";
import type { CellMoves } from "../engine.ts";
import { withHoles } from "./holes.ts";
import { type NativeContext, nativeContext, setResidentTokens } from "./internals.ts";
import type { Seats } from "./seats.ts";

/**
 * Moves cells with what the stock library offers. A context with one sequence has one KV stream,
 * and llama.cpp then accepts further sequence ids for metadata, so nothing here copies data. The
 * caller has the lane, so no decode is in flight.
 */
export class LlamaCellMoves implements CellMoves {
  readonly canShift: boolean;
  readonly #seats: Seats;
  readonly #native: NativeContext;

  constructor(seats: Seats, options: { readonly canShift: boolean }) {
    this.#seats = seats;
    this.#native = nativeContext(seats.current.context);
    this.canShift = options.canShift;
  }

  async copy(source: number, target: number): Promise<void> {
    // The library takes a copy of nothing for an order to empty the target.
    if (this.extentOf(source).max < 0) return;
    await this.#native.copySequenceStateFromOtherSequence(target, source);
  }

  remove(branch: number, from: number, to: number): void {
    const until = Number.isFinite(to) ? to : -1;
    this.#native.removeTokenCellsFromSequence(branch, from, until);
  }

  drop(branch: number): void {
    this.#native.disposeSequence(branch);
  }

  shift(branch: number, from: number, to: number, delta: number): void {
    this.#native.shiftSequenceTokenCells(branch, from, to, delta);
  }

  extentOf(branch: number): { readonly min: number; readonly max: number } {
    return {
      min: this.#native.getSequenceKvCacheMinPosition(branch),
      max: this.#native.getSequenceKvCacheMaxPosition(branch),
    };
  }

  settle(tokens: readonly number[], positions: readonly number[]): void {
    setResidentTokens(this.#seats.current, withHoles(tokens, positions) as Token[]);
  }
}
