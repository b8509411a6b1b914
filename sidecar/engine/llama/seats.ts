import { type LlamaContextSequence, TokenMeter } from "node-llama-cpp";
import type { Seat } from "../engine.ts";
import { viewOf } from "./internals.ts";

/**
 * The agents at one sequence. Each sees the sequence with bookkeeping, a lock and a meter of its
 * own, so that several can be in the middle of an answer; the cells are the one sequence's.
 */
export class Seats {
  readonly #base: LlamaContextSequence;
  readonly #several: boolean;
  #current: LlamaContextSequence;

  constructor(base: LlamaContextSequence, options: { readonly several: boolean }) {
    this.#base = base;
    this.#several = options.several;
    this.#current = base;
  }

  /** The sequence as the agent sees it that has the model. */
  get current(): LlamaContextSequence {
    return this.#current;
  }

  open(): Seat {
    const view = this.#several ? viewOf(this.#base, new TokenMeter()) : this.#base;
    return {
      take: () => {
        this.#current = view;
      },
    };
  }
}
