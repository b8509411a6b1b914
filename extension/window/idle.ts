/** The clock of the host. The answer takes the call back. */
export type Later = (delayMs: number, call: () => void) => () => void;

/** Typing pauses of this length are a good time to take changes in. */
const QUIET_MS = 1_500;

/**
 * Runs a job once things have been quiet for a while, and takes it back when they are not. However
 * often it is asked for, at most one runs and at most one waits.
 */
export class Idle {
  readonly #later: Later;
  readonly #job: (signal: AbortSignal) => Promise<void>;
  #takeBack: (() => void) | null = null;
  #running: { readonly controller: AbortController; readonly done: Promise<void> } | null = null;

  constructor(later: Later, job: (signal: AbortSignal) => Promise<void>) {
    this.#later = later;
    this.#job = job;
  }

  /** Puts the job off until nothing has been asked for in a while. */
  schedule(): void {
    this.#takeBack?.();
    this.#takeBack = this.#later(QUIET_MS, () => void this.#run());
  }

  /** Stops what runs, and resolves when it has stopped. Nothing starts until asked for again. */
  async stop(): Promise<void> {
    this.#takeBack?.();
    this.#takeBack = null;
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  async #run(): Promise<void> {
    this.#takeBack = null;
    if (this.#running !== null) {
      this.schedule();
      return;
    }
    const controller = new AbortController();
    const done = this.#job(controller.signal);
    this.#running = { controller, done };
    await done;
    this.#running = null;
  }
}
