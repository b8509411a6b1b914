import { expect, it } from "vitest";
import { median } from "./median.ts";

it("is the middle value, or lies between the two middle ones", () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 4])).toBe(3);
});
