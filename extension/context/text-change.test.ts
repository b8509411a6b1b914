import { expect, it } from "vitest";
import { applyTextChanges, diffTexts } from "./text-change.ts";

const at = (line: number, character: number) => ({ line, character });

it("finds the smallest change between two texts", () => {
  expect(diffTexts("one two three", "one 2 three")).toEqual({
    range: { start: at(0, 4), end: at(0, 7) },
    text: "2",
  });
});

it("counts lines by every kind of line end", () => {
  expect(diffTexts("a\nb\rc\r\nd", "a\nb\rc\r\ne")).toEqual({
    range: { start: at(3, 0), end: at(3, 1) },
    text: "e",
  });
});

it("never splits a surrogate pair", () => {
  const change = diffTexts("x😀y", "x😁y");
  expect(change).toEqual({ range: { start: at(0, 1), end: at(0, 3) }, text: "😁" });
});

it("never splits a CRLF of either text", () => {
  for (const [before, after] of [
    ["a\r\nb", "a\rb"],
    ["a\rb", "a\r\nb"],
    ["a\nb", "a\r\nb"],
    ["a\r\nb", "a\nb"],
  ] as const) {
    const change = diffTexts(before, after);
    expect(change.range.start).toEqual(at(0, 1));
    expect(change.range.end).toEqual(at(1, 0));
    expect(applyTextChanges(before, [change])).toBe(after);
  }
});

it("applies several changes, each to the result of the last", () => {
  const changed = applyTextChanges("one\ntwo\n", [
    { range: { start: at(0, 0), end: at(1, 0) }, text: "" },
    { range: { start: at(0, 3), end: at(0, 3) }, text: "!\nthree" },
    { range: { start: at(2, 0), end: at(2, 0) }, text: "end" },
  ]);
  expect(changed).toBe("two!\nthree\nend");
});

it.each([
  ["a line behind the last", at(3, 0)],
  ["a character behind the end of its line", at(0, 4)],
  ["a character inside a CRLF", at(1, 2)],
])("refuses %s", (_, position) => {
  const change = { range: { start: position, end: position }, text: "" };
  expect(() => applyTextChanges("abc\nd\r\n", [change])).toThrow(RangeError);
});

it("refuses a range that ends before it starts", () => {
  const change = { range: { start: at(0, 2), end: at(0, 1) }, text: "" };
  expect(() => applyTextChanges("abc", [change])).toThrow(RangeError);
});
