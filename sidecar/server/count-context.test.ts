import { expect, it } from "vitest";
import { countContext } from "./count-context.ts";

/** Counts words, which makes the expected figures readable. */
const counter = {
  fingerprint: "model",
  windowTokens: 512,
  countTokens: (text: string): number => text.split(" ").length,
};

const answer = {
  id: "a",
  role: "assistant",
  kind: "answer",
  stability: "history",
  text: "one two",
  reasoning: "because of that",
} as const;

function countOf(segment: Parameters<typeof countContext>[0]["segments"][number]): number {
  const counts = countContext({ version: 1, segments: [segment], tools: [] }, counter);
  return counts.segments[segment.id]!;
}

it("counts the text of a segment", () => {
  const text = "three more words";
  expect(countOf({ id: "m", role: "user", kind: "message", stability: "recent", text })).toBe(3);
});

it("counts an answer of this model by the ids that it generated, thoughts included", () => {
  const tokens = [1, 2, 3, 4, 5, 6, 7];
  expect(countOf({ ...answer, generated: { fingerprint: "model", tokens } })).toBe(7);
});

it("counts an answer of another model by its text and thoughts", () => {
  expect(countOf({ ...answer, generated: { fingerprint: "other", tokens: [1] } })).toBe(5);
});

it("tells how much of an answer is thoughts", () => {
  const { reasoning } = countContext({ version: 1, segments: [answer], tools: [] }, counter);
  expect(reasoning).toEqual({ a: 3 });
});

it("counts the tools, and tells the size of the window", () => {
  const tools = [{ name: "read", description: "Reads a file." }];
  const { toolsTokens, windowTokens } = countContext({ version: 1, segments: [], tools }, counter);
  expect(toolsTokens).toBe(3);
  expect(windowTokens).toBe(512);
});
