import { Refusal } from "../refusal.ts";
import { Entry } from "./entry.ts";
import { FairShare, QUANTUM_MS } from "./fair-share.ts";
import type { Hold, JobOptions, JobTiming } from "./job.ts";

/** Jobs that wait for the model. More than this many mean that something floods the sidecar. */
const WAITING_MAX = 64;
/** Jobs that take turns. Each keeps its prompt and answer in the cells until it ends. */
const SHARING_MAX = 4;

/**
 * The one lane to a model. One job has the model at a time, the most urgent first. Work that only
 * prepares gives way to more urgent work: its signal fires, it stops after its current chunk, and
 * what it finished stays. Answers that share the model take turns between any two decodes.
 *
 * `beforeDecode` is awaited by the engine before every decode; whoever has the model is the caller.
 */
export class Lane {
  readonly #now: () => number;
  readonly #onEnded: (timing: JobTiming) => void;
  readonly #share = new FairShare();
  readonly #waiting: Entry[] = [];
  readonly #started = new Set<Entry>();
  readonly #ends = new Set<() => void>();
  #current: Entry | null = null;
  #since = 0;

  constructor(
    options: {
      readonly now?: () => number;
      readonly onEnded?: (timing: JobTiming) => void;
    } = {},
  ) {
    this.#now = options.now ?? (() => performance.now());
    this.#onEnded = options.onEnded ?? (() => undefined);
  }

  /** Whether nobody uses the model and nobody waits for it. */
  get isIdle(): boolean {
    return this.#started.size === 0 && this.#waiting.length === 0;
  }

  /**
   * Runs a job when its turn comes. Fails with `busy` when too many wait already, and with the
   * signal's reason when it fires before the job has started.
   */
  async run<T>(options: JobOptions, job: (hold: Hold) => Promise<T>): Promise<T> {
    options.signal.throwIfAborted();
    const entry = new Entry(options, this.#now());
    await this.#start(entry);
    try {
      options.signal.throwIfAborted();
      return await job(this.#holdOf(entry));
    } finally {
      this.#end(entry);
    }
  }

  /** The seat in the engine. The common case costs nothing: no promise, no microtask. */
  readonly beforeDecode = (): Promise<void> | undefined => {
    const current = this.#current;
    if (current === null) return undefined;
    if (!current.isBlocked) {
      const alone = this.#started.size === 1 && this.#waiting.length === 0;
      if (alone || current.enter === null) return undefined;
      this.#account();
      const next = this.#pick();
      if (next === null || !this.#overtakes(next, current)) return undefined;
    }
    return this.#standAside(current);
  };

  async #start(entry: Entry): Promise<void> {
    const { options } = entry;
    if (options.replaces === true) this.#supersede(options);
    if (this.#waiting.length >= WAITING_MAX) throw busy();
    this.#askToGiveWay(entry);
    this.#account();
    this.#share.enter(options.agent);
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        this.#share.leave(options.agent);
        reject(entry.signal.reason as Error);
        this.#dispatch();
      };
      entry.resume = () => {
        entry.signal.removeEventListener("abort", leave);
        resolve();
      };
      entry.signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(entry);
      this.#dispatch();
    });
  }

  #end(entry: Entry): void {
    this.#account();
    this.#started.delete(entry);
    this.#share.leave(entry.options.agent);
    if (this.#current === entry) this.#current = null;
    this.#onEnded(entry.timing);
    for (const ended of this.#ends) ended();
    this.#dispatch();
  }

  #holdOf(entry: Entry): Hold {
    return {
      signal: entry.signal,
      share: (enter) => {
        entry.enter = enter;
      },
      alone: async () => {
        entry.wantsAlone = true;
        try {
          while (this.#started.size > 1) await this.#untilOneEnds(entry);
        } finally {
          entry.wantsAlone = false;
        }
      },
      othersEnd: async () => {
        if (this.#started.size <= 1) return false;
        await this.#untilOneEnds(entry);
        return true;
      },
      pauseUntil: (ready) => this.#block(entry, ready),
    };
  }

  async #untilOneEnds(entry: Entry): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ends.add(resolve);
    try {
      this.#block(entry, promise);
      await this.#standAside(entry);
      entry.signal.throwIfAborted();
    } finally {
      this.#ends.delete(resolve);
    }
  }

  /** A blocked job is passed over until the promise settles, or until the job is cancelled. */
  #block(entry: Entry, ready: Promise<void>): void {
    const blocked = new AbortController();
    entry.blocks++;
    const go = (): void => {
      if (blocked.signal.aborted) return;
      blocked.abort();
      entry.blocks--;
      this.#dispatch();
    };
    if (entry.signal.aborted) return go();
    entry.signal.addEventListener("abort", go, { once: true, signal: blocked.signal });
    ready.then(go, go);
  }

  /** Gives the model away and waits for it. */
  async #standAside(entry: Entry): Promise<void> {
    this.#account();
    this.#current = null;
    let left = false;
    await new Promise<void>((resolve) => {
      entry.resume = resolve;
      this.#dispatch();
      left = this.#current !== entry;
    });
    if (left) await entry.enter?.();
  }

  /** Gives the free model to whoever comes next. */
  #dispatch(): void {
    if (this.#current !== null) return;
    const next = this.#pick();
    if (next === null) return;
    const waiting = this.#waiting.indexOf(next);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      next.startedMs = this.#now();
      this.#started.add(next);
    }
    this.#current = next;
    this.#since = this.#now();
    next.turns++;
    next.resume();
  }

  /** Who should have the model, of all but the one that has it. */
  #pick(): Entry | null {
    let best: Entry | null = null;
    for (const entry of [...this.#started, ...this.#waiting.filter((one) => this.#mayStart(one))]) {
      if (entry === this.#current || entry.isBlocked) continue;
      if (best === null || this.#comesBefore(entry, best)) best = entry;
    }
    return best;
  }

  #mayStart({ options }: Entry): boolean {
    if (this.#started.size === 0) return true;
    if (options.priority !== "answer" || this.#started.size >= SHARING_MAX) return false;
    return [...this.#started].every((started) => started.letsIn(options.agent));
  }

  #comesBefore(one: Entry, other: Entry): boolean {
    if (one.urgency !== other.urgency) return one.urgency < other.urgency;
    // A cancelled job only wants to end.
    if (one.signal.aborted !== other.signal.aborted) return one.signal.aborted;
    return this.#share.leadMs(one.options.agent, other.options.agent) < 0;
  }

  #overtakes(next: Entry, current: Entry): boolean {
    if (next.signal.aborted) return true;
    return this.#share.leadMs(current.options.agent, next.options.agent) >= QUANTUM_MS;
  }

  #account(): void {
    const current = this.#current;
    if (current === null) return;
    const now = this.#now();
    current.heldMs += now - this.#since;
    this.#share.spend(current.options.agent, now - this.#since);
    this.#since = now;
  }

  #askToGiveWay(to: Entry): void {
    for (const entry of this.#started) {
      if (entry.urgency > to.urgency) entry.giveWay.abort(GAVE_WAY);
    }
  }

  #supersede({ agent, priority }: JobOptions): void {
    const older = this.#waiting.filter(
      ({ options }) => options.agent === agent && options.priority === priority,
    );
    for (const entry of older) entry.giveWay.abort(new Superseded());
  }
}

/** Why a waiting job never started: a newer one of the same kind took its place. */
export class Superseded extends Error {
  constructor() {
    super("A newer request took the place of this one.");
  }
}

const GAVE_WAY = new Error("More urgent work came.");

function busy(): Refusal {
  return new Refusal("busy", `The model is busy: ${WAITING_MAX} requests are waiting for it.`, {
    waitingMax: WAITING_MAX,
  });
}
