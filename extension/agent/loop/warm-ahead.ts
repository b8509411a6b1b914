import type { AgentWindow } from "../ports/agent-window.ts";

/**
 * Has the model read what is known already while calls still run: a command may take minutes. One
 * warm-up runs at a time, and what has come meanwhile is taken in by the next. Failing costs nothing
 * but time later, so it is not told: whatever is wrong, the next answer will say so.
 */
export class WarmAhead {
  readonly #window: Pick<AgentWindow, "warm">;
  readonly #ended = new AbortController();
  #running: Promise<void> | null = null;
  #hasMore = false;

  constructor(window: Pick<AgentWindow, "warm">) {
    this.#window = window;
  }

  /** More is known than before. */
  more(): void {
    this.#hasMore = true;
    this.#running ??= this.#run();
  }

  /** Everything is known now. What a warm-up has finished stays. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    try {
      while (this.#hasMore && !signal.aborted) {
        this.#hasMore = false;
        await this.#window.warm(signal);
      }
    } catch {
      // As said above.
    }
    this.#running = null;
  }
}
