/** A promise that the test settles, and a note of whether anyone has reached it. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>();
  reached = false;

  async pass(): Promise<void> {
    this.reached = true;
    await this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve();
  }

  fail(error: Error): void {
    this.#opened.reject(error);
  }
}

/** Lets everything run that needs no timer and no I/O. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
