import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 50;
const WAIT_MS_MAX = 20_000;

/** Asks again until the answer is neither false nor nothing, and returns it. */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  waitMsMax: number = WAIT_MS_MAX,
): Promise<Exclude<T, false | null | undefined>> {
  const deadlineMs = performance.now() + waitMsMax;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadlineMs) {
      throw new Error(`Waited ${waitMsMax / 1_000} s for ${what}, in vain.`);
    }
    await delay(INTERVAL_MS);
  }
}
