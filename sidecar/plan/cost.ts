/** What was measured on this model and machine. */
export type Speeds = {
  /** Computing one token of a prompt. */
  readonly tokenMs: number;
  /** One pass of shifts, which takes as long for one run as for all: it visits every cell. */
  readonly shiftMs: number;
  /** Reading one token back from the store; nothing before it was measured. */
  readonly restoreTokenMs?: number;
};

export type Work = {
  readonly prefillTokens: number;
  readonly shifts: boolean;
  readonly restoreTokens?: number;
};

/** Before anything has been measured, a token costs something and nothing else does. */
export const UNMEASURED: Speeds = { tokenMs: 1, shiftMs: 0 };

/**
 * What a way to make a prompt resident takes. Lifting a run and joining it again is not in it: it
 * copies no data and takes a millisecond or two, less than computing the shortest run that is
 * kept. Neither is a hole, which takes no time at all; that is limited where it is made.
 */
export function costMs(
  { prefillTokens, shifts, restoreTokens = 0 }: Work,
  { tokenMs, shiftMs, restoreTokenMs = 0 }: Speeds,
): number {
  return prefillTokens * tokenMs + (shifts ? shiftMs : 0) + restoreTokens * restoreTokenMs;
}
