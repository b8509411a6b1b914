import { expect, it } from "vitest";
import { readableText } from "./readable-text.ts";

it("shows the same text whatever the line ends and the byte order mark", () => {
  const text = { kind: "text", text: "a\nb\n" };
  for (const raw of ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "\uFEFFa\r\nb\n"]) {
    expect(readableText(raw)).toEqual(text);
  }
});

it.each([
  ["a\0b", "it is not a text file"],
  ["x".repeat(1024 * 1024 + 1), "it is larger than 1 MB"],
  ["one\ntwo \ud83d\nthree", "line 2 holds half a character (a lone surrogate)"],
])("refuses what no model can read, with a reason", (raw, reason) => {
  expect(readableText(raw)).toEqual({ kind: "missing", reason });
});

it("takes a text of just the largest size", () => {
  expect(readableText("x".repeat(1024 * 1024)).kind).toBe("text");
});
