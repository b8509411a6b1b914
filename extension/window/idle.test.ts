import { beforeEach, expect, it } from "vitest";
import { Idle } from "./idle.ts";

let waiting: (() => void)[];
let signals: AbortSignal[];
let finish: () => void;
let idle: Idle;

beforeEach(() => {
  waiting = [];
  signals = [];
  idle = new Idle(
    (_delayMs, call) => {
      waiting.push(call);
      return () => waiting.splice(waiting.indexOf(call), 1);
    },
    async (signal) => {
      signals.push(signal);
      await new Promise<void>((resolve) => {
        finish = resolve;
        signal.addEventListener("abort", () => resolve());
      });
    },
  );
});

/** Lets the time pass that something waits for. */
function pass(): void {
  for (const call of waiting.splice(0)) call();
}

it("waits once for any number of requests", () => {
  for (let count = 0; count < 1_000; count++) idle.schedule();
  expect(waiting).toHaveLength(1);
  pass();
  expect(signals).toHaveLength(1);
});

it("stops what runs and what waits, and says when", async () => {
  idle.schedule();
  pass();
  idle.schedule();
  await idle.stop();
  expect(signals[0]?.aborted).toBe(true);
  expect(waiting).toEqual([]);
});

it("runs one at a time", async () => {
  idle.schedule();
  pass();
  idle.schedule();
  pass();
  expect(signals).toHaveLength(1);
  finish();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  pass();
  expect(signals).toHaveLength(2);
});

it("can be stopped when nothing runs", async () => {
  await expect(idle.stop()).resolves.toBeUndefined();
});
