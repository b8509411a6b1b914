import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { CellMoves, Cells } from "../engine.ts";
import type { Capabilities } from "./capabilities.ts";
import { LlamaCellMoves } from "./cell-moves.ts";
import { checkpointLengths, lowestPosition, removeCells, residentTokens } from "./internals.ts";

/** The only sequence that decodes. */
const ACTIVE = 0;

/** The KV cells of the active sequence. */
export class LlamaCells implements Cells {
  readonly batchTokens: number;
  readonly moves: CellMoves | null;
  readonly checkpoint: (() => Promise<void>) | null;
  readonly #sequence: LlamaContextSequence;

  constructor(
    sequence: LlamaContextSequence,
    options: { readonly batchTokens: number; readonly capabilities: Capabilities },
  ) {
    const { batchTokens, capabilities } = options;
    this.#sequence = sequence;
    this.batchTokens = batchTokens;
    this.moves = capabilities.moves
      ? new LlamaCellMoves(sequence, { canShift: capabilities.shifts })
      : null;
    this.checkpoint = capabilities.checkpoints ? () => sequence.takeCheckpoint() : null;
  }

  evaluatedTokens(): number {
    const { usedInputTokens, usedOutputTokens } = this.#sequence.tokenMeter;
    return usedInputTokens + usedOutputTokens;
  }

  resident(): readonly number[] {
    return residentTokens(this.#sequence);
  }

  checkpointLengths(): readonly number[] {
    if (this.checkpoint === null) return [];
    const end = this.#sequence.nextTokenIndex;
    // From here on a cut needs no kept state.
    const cuttable = Math.max(1, lowestPosition(this.#sequence) + 1);
    const kept = checkpointLengths(this.#sequence).filter((length) => length < cuttable);
    const direct = Math.max(0, end - cuttable + 1);
    return [...kept, ...Array.from({ length: direct }, (_, more) => cuttable + more)];
  }

  async trim(length: number): Promise<number> {
    await removeCells(this.#sequence, length);
    return this.#sequence.nextTokenIndex;
  }

  async decode(tokens: readonly number[]): Promise<void> {
    // The library's bookkeeping advances only after a whole call, so a call is one batch.
    if (tokens.length > this.batchTokens) {
      throw new RangeError(`A batch holds ${this.batchTokens} tokens, not ${tokens.length}.`);
    }
    await this.#sequence.evaluateWithoutGeneratingNewTokens(tokens as Token[]);
    this.#requireFront();
  }

  /** An answer that has lost the front of its prompt looks like any other, so it must not come. */
  #requireFront(): void {
    const min = this.moves?.extentOf(ACTIVE).min ?? 0;
    if (min !== 0) throw new Error(`The cells before position ${min} have left the cache.`);
  }
}
