import { expect, it } from "vitest";
import { WarmAhead } from "./warm-ahead.ts";

/** Warm-ups that end when they are told to, or when they are cancelled. */
class Warmings {
  readonly ends: PromiseWithResolvers<void>[] = [];
  cancelled = 0;
  readonly ahead = new WarmAhead({ warm: (signal) => this.#warm(signal) });

  async #warm(signal: AbortSignal): Promise<void> {
    const end = Promise.withResolvers<void>();
    this.ends.push(end);
    signal.addEventListener("abort", () => {
      this.cancelled++;
      end.resolve();
    });
    await end.promise;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

it("warms once more for all that came meanwhile", async () => {
  const { ahead, ends } = new Warmings();
  for (let times = 0; times < 3; times++) ahead.more();
  expect(ends).toHaveLength(1);
  ends[0]!.resolve();
  await settle();
  expect(ends).toHaveLength(2);
  ends[1]!.resolve();
  await settle();
  expect(ends).toHaveLength(2);
  ahead.more();
  expect(ends).toHaveLength(3);
});

it("is cancelled when all is known, and warms nothing afterwards", async () => {
  const warmings = new Warmings();
  warmings.ahead.more();
  warmings.ahead.more();
  await warmings.ahead.end();
  expect([warmings.ends.length, warmings.cancelled]).toEqual([1, 1]);
});

it("is silent when a warm-up fails, and tries again when more is known", async () => {
  const warmings = new Warmings();
  warmings.ahead.more();
  warmings.ends[0]!.reject(new Error("The sidecar is gone."));
  await settle();
  warmings.ahead.more();
  expect(warmings.ends).toHaveLength(2);
  await warmings.ahead.end();
});
