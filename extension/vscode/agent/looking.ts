/** How long language servers get to look at what has changed, and how long anybody waits for them. */
const LOOK_MS_MAX = 2_000;
/** Without news for so long they are taken to have looked. */
const QUIET_MS = 500;

/** When something happened last, each on the same clock; negative infinity for never. */
export type Looking = {
  /** Somebody asked what they have found. */
  readonly askedAtMs: number;
  /** A file was opened or has changed. */
  readonly changedAtMs: number;
  /** They said what they had found. */
  readonly toldAtMs: number;
};

/** Whether language servers have looked, or had the time to. What goes on changing is not waited for. */
export function haveLooked({ askedAtMs, changedAtMs, toldAtMs }: Looking, nowMs: number): boolean {
  const isOver = nowMs - Math.min(askedAtMs, changedAtMs) >= LOOK_MS_MAX;
  return isOver || (toldAtMs > changedAtMs && nowMs - toldAtMs >= QUIET_MS);
}
