/** Calls that wait for earlier ones. More mean that something floods their owner. */
const CALLS_WAITING_MAX = 1_000;

/** Lets a call begin when all that came before it have ended. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();
  #unfinished = 0;

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#unfinished > CALLS_WAITING_MAX) {
      throw new Error(`${CALLS_WAITING_MAX} calls are waiting already.`);
    }
    this.#unfinished++;
    const result = this.#last.then(call);
    // A call that failed has told its own caller; the next one starts all the same.
    this.#last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#unfinished--;
    }
  }
}
