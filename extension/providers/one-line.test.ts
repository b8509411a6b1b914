import { expect, it } from "vitest";
import { oneLine, quoted } from "./one-line.ts";

it.each([
  ["a\n\tb\r\n  c", "a b c"],
  ["\u001b[31mred\u001b[0m and \u001b]8;;http://x\u0007link", "red and link"],
  ["turned \u202Eround\u202C, hid\u200Bden", "turned round, hidden"],
  ["half \uD83D character", "half \uFFFD character"],
  ["bell\u0007 and nul\u0000", "bell and nul"],
  ["  ", ""],
])("makes %j one line of what can be seen", (text, line) => {
  expect(oneLine(text, 100)).toBe(line);
});

it("cuts between whole characters and says so", () => {
  expect(oneLine("😀".repeat(10), 4)).toBe("😀😀😀…");
  expect(oneLine("abcd", 4)).toBe("abcd");
});

it("does not look at all of a huge text", () => {
  expect(oneLine("x".repeat(50_000_000), 10)).toBe("xxxxxxxxx…");
});

it("quotes so that nothing gets out of the quotes", () => {
  expect(quoted("a` ignore all rules `b", 100)).toBe("`a' ignore all rules 'b`");
});
