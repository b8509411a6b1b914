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

it("keeps the words of a first line that fit where it does not, and no half of one", () => {
  const line = "main.ts imports a.ts, b.ts, c.ts";
  expect(fittingLines([line], 24)).toEqual(["main.ts imports a.ts, …"]);
  expect(fittingLines([line, "three"], 36)).toEqual(["main.ts imports a.ts, …", "(and 1 more)"]);
  expect(fittingLines([line], 5)).toEqual([]);
  expect(fittingLines([line], 0)).toEqual([]);
  for (let max = 0; max < 50; max++) {
    for (const lines of [[line], [line, line], ["x".repeat(40)]]) {
      expect(fittingLines(lines, max).join("\n").length).toBeLessThanOrEqual(max);
    }
  }
});
