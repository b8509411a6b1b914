import { expect, it } from "vitest";
import { charactersFor, fittingLines } from "./context-tokens.ts";

it.each([
  [0, 0],
  [-5, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
  [100, 300],
  [1_000_000, 12_000],
])("%d tokens are %d characters", (tokens, characters) => {
  expect(charactersFor(tokens)).toBe(characters);
});

it("keeps lines that fit and counts the others", () => {
  const lines = ["one", "two", "three", "four"];
  expect(fittingLines(lines, 100)).toEqual(lines);
  expect(fittingLines(lines, 17)).toEqual(["one", "(and 3 more)"]);
  expect(fittingLines(lines, 5)).toEqual([]);
});
