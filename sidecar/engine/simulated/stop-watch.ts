/** Holds back the end of a text for as long as it may still become a stop sequence. */
export class StopWatch {
  readonly #stopSequences: readonly string[];
  #held = "";

  constructor(stopSequences: readonly string[]) {
    this.#stopSequences = stopSequences;
  }

  /** Answers what may be shown, and the stop sequence when one is complete. */
  add(text: string): { readonly shown: string; readonly stop: string | null } {
    this.#held += text;
    for (const stop of this.#stopSequences) {
      const at = this.#held.indexOf(stop);
      if (at >= 0) return { shown: this.#take(at), stop };
    }
    let safe = 0;
    while (safe < this.#held.length && !this.#opensStop(this.#held.slice(safe))) safe++;
    return { shown: this.#take(safe), stop: null };
  }

  /** What was held back after all: the answer ends and it was no stop sequence. */
  rest(): string {
    return this.#take(this.#held.length);
  }

  #opensStop(text: string): boolean {
    return this.#stopSequences.some((stop) => stop.startsWith(text));
  }

  #take(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}
