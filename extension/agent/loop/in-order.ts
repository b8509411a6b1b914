/** Hands values on in their order, each as soon as it and all before it are there. */
export class InOrder<Value> {
  readonly #count: number;
  readonly #onNext: (values: readonly Value[], areMore: boolean) => void;
  readonly #waiting = new Map<number, Value>();
  #next = 0;

  constructor(count: number, onNext: (values: readonly Value[], areMore: boolean) => void) {
    this.#count = count;
    this.#onNext = onNext;
  }

  put(index: number, value: Value): void {
    this.#waiting.set(index, value);
    const values: Value[] = [];
    for (; this.#waiting.has(this.#next); this.#next++) {
      values.push(this.#waiting.get(this.#next)!);
      this.#waiting.delete(this.#next);
    }
    if (values.length > 0) this.#onNext(values, this.#next < this.#count);
  }
}
