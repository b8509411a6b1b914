import { type JobOptions, type JobTiming, priorities } from "./job.ts";

/** A job in the lane: it waits to start or to go on, or has the model. */
export class Entry {
  readonly options: JobOptions;
  readonly giveWay = new AbortController();
  readonly signal: AbortSignal;
  startedMs: number | null = null;
  heldMs = 0;
  turns = 0;
  /** Called when the job gets the model back from another one; `null` while it does not share. */
  enter: (() => Promise<void>) | null = null;
  /** Gives it the model. */
  resume: () => void = () => undefined;
  /** What it waits for besides the model. */
  blocks = 0;
  wantsAlone = false;
  readonly #arrivedMs: number;

  constructor(options: JobOptions, nowMs: number) {
    this.options = options;
    this.#arrivedMs = nowMs;
    this.signal = AbortSignal.any([options.signal, this.giveWay.signal]);
  }

  get isBlocked(): boolean {
    return this.blocks > 0;
  }

  /** 0 for the most urgent. */
  get urgency(): number {
    return priorities.indexOf(this.options.priority);
  }

  /** Whether work of an agent may start beside this job. Two jobs of one agent share its cells. */
  letsIn(agent: string): boolean {
    return this.enter !== null && !this.wantsAlone && this.options.agent !== agent;
  }

  get timing(): JobTiming {
    const { priority, agent } = this.options;
    const waitedMs = this.startedMs === null ? 0 : this.startedMs - this.#arrivedMs;
    return { priority, agent, waitedMs, heldMs: this.heldMs, turns: this.turns };
  }
}
