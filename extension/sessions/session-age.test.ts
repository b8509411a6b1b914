import { expect, it } from "vitest";
import { agoText } from "./session-age.ts";

it("is said in the largest unit that has passed", () => {
  const minuteMs = 60_000;
  const texts = [0, 0.9, 1, 59, 60, 25 * 60, 72 * 60].map((minutes) =>
    agoText(0, minutes * minuteMs),
  );
  expect(texts).toEqual([
    "just now",
    "just now",
    "1 minute ago",
    "59 minutes ago",
    "1 hour ago",
    "yesterday",
    "3 days ago",
  ]);
  expect(agoText(5_000, 0)).toBe("just now");
});
