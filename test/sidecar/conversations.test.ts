import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { answer, open, startSidecar, system, user } from "../support/client.ts";

let sidecar: SidecarProcess;

beforeAll(async () => {
  sidecar = await startSidecar("tiny");
});
afterAll(async () => {
  await sidecar.stop();
});

describe("two conversations", () => {
  test("share what they have in common, and changing between them prefills nothing again", async () => {
    const common = system(`You are Kvasir. ${"Rule. ".repeat(100)}`);
    await open(sidecar, "one", [common, user("u1", "First conversation.")]);
    await open(sidecar, "two", [common, user("u1", "Second conversation.")]);
    const one = await answer(sidecar, "one", 1);
    const two = await answer(sidecar, "two", 1);
    expect(two.usage.forkedTokens).toBeGreaterThan(200);
    expect(two.usage.prefilledTokens).toBeLessThan(20);
    const oneAgain = await answer(sidecar, "one", 1);
    expect(oneAgain.usage).toMatchObject({ prefilledTokens: 1, forkedTokens: 0 });
    expect(oneAgain.generated.tokens).toEqual(one.generated.tokens);
    const twoAgain = await answer(sidecar, "two", 1);
    expect(twoAgain.usage).toMatchObject({ prefilledTokens: 1, forkedTokens: 0 });
    expect(twoAgain.generated.tokens).toEqual(two.generated.tokens);
  });
});

describe("two agents", () => {
  test("take turns, so that a short answer does not wait for a long one", async () => {
    await open(sidecar, "long", [user("u1", "Tell me everything.")]);
    await open(sidecar, "short", [user("u1", "Yes or no?")]);
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    let isOver = false;
    const long = answer(sidecar, "long", 1, {
      maxTokens: 1_500,
      signal: stop.signal,
      onEvent: ({ kind }) => kind === "text" && begun.resolve(),
    }).finally(() => (isOver = true));
    const ended = long.then(
      () => "answered",
      () => "stopped",
    );
    await begun.promise;
    const short = await answer(sidecar, "short", 1, { maxTokens: 4 });
    expect(isOver).toBe(false);
    expect(short.usage.generatedTokens).toBe(4);
    stop.abort();
    await ended;
    // Whoever was in the middle has its cells still, and goes on from there.
    const again = await answer(sidecar, "long", 1, { maxTokens: 4 });
    expect(again.usage).toMatchObject({ prefilledTokens: 1 });
  });
});
