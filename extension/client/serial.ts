import type { ErrorData } from "../../protocol/errors.ts";

/** Operations of one conversation that wait. More mean that something floods it. */
const WAITING_MAX = 16;

/** Refuses in the same words and shape as the sidecar does, so callers branch alike. */
class BusyError extends Error {
  readonly data: ErrorData;

  constructor() {
    const message = `The conversation is busy: ${WAITING_MAX} operations are waiting for it.`;
    super(message);
    this.name = "BusyError";
    this.data = { kind: "busy", message };
  }
}

/** Runs jobs one after the other, in the order in which they came. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();
  #unfinished = 0;

  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#unfinished > WAITING_MAX) throw new BusyError();
    this.#unfinished++;
    const result = this.#last.then(job);
    // A job that failed has told its own caller; the next one starts all the same.
    this.#last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#unfinished--;
    }
  }
}
