import { Refusal } from "../refusal.ts";

/** Kinds of work, most urgent first. */
export type Priority = "answer" | "warm";

/** Jobs that wait for the model. More than this many mean that something floods the sidecar. */
const WAITING_MAX = 64;

type Running = { readonly priority: Priority; readonly giveWay: AbortController };
type Waiting = { readonly job: Running; readonly start: () => void };

/**
 * The one lane to a model: jobs use it one after the other, answers before preparation. A
 * preparing job gives way when an answer comes: its signal fires, it stops after its current
 * chunk, and what it finished stays.
 *
 * `beforeDecode` is awaited by the engine before every decode, so that work handed to
 * `betweenDecodes` runs between any two of them, in the middle of an answer.
 */
export class Lane {
  #running: Running | null = null;
  readonly #waiting: Waiting[] = [];
  readonly #between: (() => Promise<void>)[] = [];

  /**
   * Runs a job when its turn comes. Fails with `busy` when too many wait already, and with the
   * signal's reason when it fires before the job has started.
   */
  async run<T>(
    priority: Priority,
    signal: AbortSignal,
    job: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const running = { priority, giveWay: new AbortController() };
    if (this.#running === null) this.#running = running;
    else await this.#wait(running, signal);
    try {
      signal.throwIfAborted();
      return await job(AbortSignal.any([signal, running.giveWay.signal]));
    } finally {
      // Checked again after each wait: once the lane is handed over, nobody would look any more.
      while (this.#between.length > 0) await this.#drainBetween();
      this.#next();
    }
  }

  /** Runs a short job between two decodes of whoever has the lane, or at once when it is free. */
  async betweenDecodes<T>(job: () => Promise<T>): Promise<T> {
    if (this.#running === null) return await this.run("answer", NEVER, job);
    if (this.#between.length >= WAITING_MAX) throw busy();
    return await new Promise<T>((resolve, reject) => {
      this.#between.push(() => job().then(resolve, reject));
    });
  }

  /** The seat in the engine: awaited before every decode. */
  readonly beforeDecode = (): Promise<void> | undefined =>
    // The common case costs nothing: no promise, no microtask.
    this.#between.length === 0 ? undefined : this.#drainBetween();

  async #drainBetween(): Promise<void> {
    for (let job = this.#between.shift(); job !== undefined; job = this.#between.shift()) {
      await job();
    }
  }

  async #wait(job: Running, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) throw busy();
    const { priority, giveWay } = this.#running!;
    if (priority === "warm" && job.priority === "answer") giveWay.abort();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const start = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const waiting = { job, start };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Hands the lane over. It is never free for a moment in which a newcomer could slip in. */
  #next(): void {
    const urgent = this.#waiting.findIndex(({ job }) => job.priority === "answer");
    const [next] = this.#waiting.splice(Math.max(urgent, 0), 1);
    this.#running = next?.job ?? null;
    next?.start();
  }
}

const NEVER = new AbortController().signal;

function busy(): Refusal {
  return new Refusal("busy", `The model is busy: ${WAITING_MAX} requests are waiting for it.`, {
    waitingMax: WAITING_MAX,
  });
}
