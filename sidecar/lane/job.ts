/** Kinds of work, most urgent first. */
export const priorities = ["answer", "warm", "fold", "save"] as const;
export type Priority = (typeof priorities)[number];

export type JobOptions = {
  readonly priority: Priority;
  /** Whose work it is. Agents of one priority share the model evenly. */
  readonly agent: string;
  readonly signal: AbortSignal;
  /** Takes the place of a job of the same agent and priority that still waits: floods coalesce. */
  readonly replaces?: boolean;
};

/** What a job may ask of the lane while it runs. */
export type Hold = {
  /** Fires when the job is cancelled, and when more urgent work came and it has to give way. */
  readonly signal: AbortSignal;
  /**
   * Lets jobs that share as well take turns with this one between decodes. `enter` is awaited
   * whenever the job gets the model back after another one has had it.
   */
  readonly share: (enter: () => Promise<void>) => void;
  /** Waits until no other job is under way, and keeps new ones from starting meanwhile. */
  readonly alone: () => Promise<void>;
  /** Waits until another job has ended; answers at once that none is under way. */
  readonly othersEnd: () => Promise<boolean>;
  /** From its next decode on, the job waits until the promise settles; others run meanwhile. */
  readonly pauseUntil: (ready: Promise<void>) => void;
};

/** How a job fared, for the log. */
export type JobTiming = {
  readonly priority: Priority;
  readonly agent: string;
  readonly waitedMs: number;
  readonly heldMs: number;
  /** How often it got the model. */
  readonly turns: number;
};
