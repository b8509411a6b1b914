import { expect, it } from "vitest";
import type { StopReason } from "../../protocol/generate.ts";
import type { Usage } from "../../protocol/usage.ts";
import { isShortened } from "./shortened.ts";

function ended(stop: StopReason, generatedTokens: number): { stop: StopReason; usage: Usage } {
  const none = { promptTokens: 0, prefixTokens: 0, splicedTokens: 0, restoredTokens: 0 };
  const usage = { ...none, forkedTokens: 0, prefilledTokens: 0, healedTokens: 0, staleTokens: 0 };
  return { stop, usage: { ...usage, generatedTokens } };
}

it("tells an answer that was cut from one that came to its end or to the limit asked for", () => {
  expect(isShortened(ended("end", 8), undefined)).toBe(false);
  expect(isShortened(ended("toolCalls", 8), 100)).toBe(false);
  expect(isShortened(ended("maxTokens", 8), 8)).toBe(false);
  expect(isShortened(ended("maxTokens", 8), 100)).toBe(true);
  expect(isShortened(ended("maxTokens", 8_192), undefined)).toBe(true);
});
