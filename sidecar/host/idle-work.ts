/** How long nobody must have wanted the model before it works for itself. */
const IDLE_MS = 500;

export type IdleWorkOptions = {
  /** Whether nobody uses the model or waits for it. */
  readonly isIdle: () => boolean;
  /** Whether there is something to do. */
  readonly hasWork: () => boolean;
  /** Does it; the signal fires when somebody wants the model. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly onFailed: (error: unknown) => void;
};

/** Has work done while nobody wants the model. Work that failed waits for the next use of the model. */
export class IdleWork {
  readonly #options: IdleWorkOptions;
  #timer: NodeJS.Timeout | null = null;
  #working: AbortController | null = null;

  constructor(options: IdleWorkOptions) {
    this.#options = options;
  }

  /** Somebody has used the model. */
  noteUse(): void {
    if (this.#working === null) this.#arm();
  }

  /** Somebody wants the model. */
  giveWay(): void {
    this.#working?.abort();
  }

  stop(): void {
    this.giveWay();
    this.#disarm();
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    this.#disarm();
    this.#timer = setTimeout(() => void this.#run(), IDLE_MS);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    this.#timer = null;
    const { isIdle, hasWork, work, onFailed } = this.#options;
    if (!isIdle() || !hasWork()) return;
    const working = new AbortController();
    this.#working = working;
    try {
      await work(working.signal);
      // Whoever made it give way has used the model, and what is left comes after that.
      if (hasWork()) this.#arm();
    } catch (error) {
      onFailed(error);
    } finally {
      this.#working = null;
    }
  }
}
