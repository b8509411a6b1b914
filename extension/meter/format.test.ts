import { describe, expect, it } from "vitest";
import { countOf, formatCount, formatDuration, formatShare, inlineCode } from "./format.ts";

describe("formatting for the meter", () => {
  it("groups thousands", () => {
    expect(formatCount(12_040)).toBe("12,040");
  });

  it("puts a noun in the plural unless there is one", () => {
    expect([countOf(0, "token"), countOf(1, "token"), countOf(2, "token")]).toEqual([
      "0 tokens",
      "1 token",
      "2 tokens",
    ]);
  });

  it("says 100% only when nothing is missing", () => {
    expect([formatShare(0.9999), formatShare(1)]).toEqual(["99%", "100%"]);
  });

  it.each([
    [42, "42 ms"],
    [1_234, "1.2 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it("keeps foreign text on one line", () => {
    expect(inlineCode("a `b`\n| c")).toBe("`a 'b' | c`");
  });

  it("shows blank text as such", () => {
    expect(inlineCode(" \n")).toBe("(blank)");
  });
});
