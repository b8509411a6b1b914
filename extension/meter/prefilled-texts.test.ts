import { expect, it } from "vitest";
import { prefilledTexts } from "./prefilled-texts.ts";
import { readingWith } from "./reading.test-support.ts";

const texts = (...prefilled: readonly (readonly [string, number])[]): string =>
  prefilledTexts(
    readingWith({ prefilled: prefilled.map(([label, tokens]) => ({ label, tokens })) }),
  );

it("names what was prefilled, with its tokens", () => {
  expect(texts(["Search results", 1_312], ["Git status", 41])).toBe(
    "`Search results` (1,312), `Git status` (41)",
  );
  expect(texts()).toBe("");
});

it("shortens long names", () => {
  expect(texts(["x|`\n".repeat(100), 1])).toMatch(/^`(x\|' )+.*…` \(1\)$/u);
});
