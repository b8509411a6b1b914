import { expect, test } from "vitest";
import { halfBits } from "./half-float.ts";

function roundTrip(value: number): number {
  return new Float16Array(Uint16Array.of(halfBits(value)).buffer)[0] as number;
}

test("numbers that fit a half keep their value", () => {
  for (const value of [0, 1, -1, 0.5, -0.125, 65_504, 2 ** -14]) {
    expect(roundTrip(value)).toBe(value);
  }
});

test("other numbers go to the closest half", () => {
  for (const value of [0.1, -0.02, 1 / 3, 0.999999, 1234.5678]) {
    expect(roundTrip(value)).toBe(Math.f16round(value));
  }
});

test("numbers too small for a half become zero and too large ones are refused", () => {
  expect(roundTrip(1e-9)).toBe(0);
  expect(() => halfBits(70_000)).toThrow(RangeError);
});
