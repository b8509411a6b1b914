const MINUTE_MS = 60_000;
const STEPS = [
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
] as const;

const WORDS = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago something was, as people say it. */
export function agoText(thenMs: number, nowMs: number): string {
  const passedMs = nowMs - thenMs;
  const [unit, stepMs] = STEPS.find(([, ms]) => passedMs >= ms) ?? [null, 1];
  return unit === null ? "just now" : WORDS.format(-Math.floor(passedMs / stepMs), unit);
}
