/** Random ids of a vocabulary, the same for the same seed (xorshift32). */
export class RandomText {
  #state: number;
  readonly #vocabulary: number;

  constructor(seed: number, vocabulary: number) {
    this.#state = seed | 1;
    this.#vocabulary = vocabulary;
  }

  take(count: number): number[] {
    return Array.from({ length: count }, () => this.#next() % this.#vocabulary);
  }

  #next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
}
