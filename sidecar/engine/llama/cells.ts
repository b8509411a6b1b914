import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { Cells } from "../engine.ts";
import { removeCells, residentTokens } from "./internals.ts";

/** The KV cells of the active sequence. */
export class LlamaCells implements Cells {
  readonly batchTokens: number;
  readonly #sequence: LlamaContextSequence;

  constructor(sequence: LlamaContextSequence, batchTokens: number) {
    this.#sequence = sequence;
    this.batchTokens = batchTokens;
  }

  evaluatedTokens(): number {
    const { usedInputTokens, usedOutputTokens } = this.#sequence.tokenMeter;
    return usedInputTokens + usedOutputTokens;
  }

  resident(): readonly number[] {
    return residentTokens(this.#sequence);
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
  }
}
