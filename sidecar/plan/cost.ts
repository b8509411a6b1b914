/** What was measured on this model and machine, each as time for one. */
export type Speeds = {
  /** Computing one token of a prompt. */
  readonly tokenMs: number;
  /** One pass of shifts, which takes as long for one run as for all: it visits every cell. */
  readonly shiftMs: number;
  /** Lifting one run out of the cells and joining it again. */
  readonly runMs: number;
};

export type Work = {
  readonly prefillTokens: number;
  readonly shifts: boolean;
  /** Kept runs behind the prefix. */
  readonly runs: number;
};

/** Before anything has been measured, a token costs something and nothing else does. */
export const UNMEASURED: Speeds = { tokenMs: 1, shiftMs: 0, runMs: 0 };

export function costMs({ prefillTokens, shifts, runs }: Work, speeds: Speeds): number {
  return prefillTokens * speeds.tokenMs + (shifts ? speeds.shiftMs : 0) + runs * speeds.runMs;
}
