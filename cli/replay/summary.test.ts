import { expect, it } from "vitest";
import type { ReplayedCall, ReplayedSession } from "./messages.ts";
import { rowOf, totalsOf } from "./summary.ts";

function call(promptTokens: number, prefilledTokens: number, firstTokenMs: number): ReplayedCall {
  return {
    firstTokenMs,
    usage: {
      promptTokens,
      prefilledTokens,
      prefixTokens: promptTokens - prefilledTokens,
      splicedTokens: 0,
      restoredTokens: 0,
      forkedTokens: 0,
      healedTokens: 0,
      staleTokens: 2,
      generatedTokens: 7,
    },
  };
}

function session(name: string, calls: readonly ReplayedCall[]): ReplayedSession {
  const more = { recordedCalls: calls.length, endedBecause: null, alteredAnswers: 0 };
  return { session: name, calls, ...more };
}

it("weighs every prompt token alike, not every call or session", () => {
  const one = session("one", [call(100, 100, 5)]);
  const two = session("two", [call(200, 20, 5), call(300, 30, 5)]);
  expect(rowOf(two).hitRatio).toBe(0.9);
  expect(totalsOf([one, two])).toMatchObject({
    turns: 3,
    promptTokens: 600,
    prefilledTokens: 150,
    prefixTokens: 450,
    answerTokens: 21,
    staleTokens: 6,
    hitRatio: 0.75,
  });
});

it("takes percentiles by nearest rank over all calls", () => {
  const times = Array.from({ length: 20 }, (_, index) => call(1, 1, 20 - index));
  const halves = [session("one", times.slice(0, 10)), session("two", times.slice(10))];
  expect(totalsOf(halves)).toMatchObject({ firstTokenMsP50: 10, firstTokenMsP95: 19 });
  expect(totalsOf([session("one", [call(1, 1, 3)])])).toMatchObject({
    firstTokenMsP50: 3,
    firstTokenMsP95: 3,
  });
});

it("has no ratio and no times for a session without a call", () => {
  expect(
    rowOf({ ...session("none", []), recordedCalls: 4, endedBecause: "promptOverLimit" }),
  ).toEqual(
    expect.objectContaining({
      session: "none",
      turns: 0,
      recordedCalls: 4,
      endedBecause: "promptOverLimit",
      hitRatio: null,
      firstTokenMsP50: null,
      firstTokenMsP95: null,
    }),
  );
});
