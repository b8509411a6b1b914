import { expect, it } from "vitest";
import { PrefillSpeed } from "./prefill-speed.ts";

function reading(prefilledTokens: number, prefillMs: number): Parameters<PrefillSpeed["add"]>[0] {
  const none = { promptTokens: 0, prefixTokens: 0, splicedTokens: 0, restoredTokens: 0 };
  const rest = { forkedTokens: 0, healedTokens: 0, staleTokens: 0, generatedTokens: 0 };
  return { usage: { ...none, ...rest, prefilledTokens }, prefillMs };
}

it("knows nothing before a prefill was measured", () => {
  const speed = new PrefillSpeed();
  expect(speed.msFor(100)).toBeNull();
  speed.add(reading(31, 10));
  expect(speed.msFor(100)).toBeNull();
});

it("tells how long a prefill takes at the speed that was measured", () => {
  const speed = new PrefillSpeed();
  speed.add(reading(1_000, 500));
  expect(speed.msFor(100)).toBe(50);
});

it("follows a machine that becomes slower", () => {
  const speed = new PrefillSpeed();
  speed.add(reading(1_000, 500));
  for (let turn = 0; turn < 10; turn++) speed.add(reading(1_000, 1_000));
  expect(speed.msFor(100)).toBeCloseTo(100, 0);
});
