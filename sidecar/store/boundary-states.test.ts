import { expect, it } from "vitest";
import { isCheap } from "./boundary-states.ts";

it("saves a state where writing it takes at most a twentieth of what was computed since", () => {
  const megabytes = (count: number): number => count * 1_000_000;
  expect(isCheap({ bytes: megabytes(50), bytesPerMs: megabytes(1), decodedMs: 1000 })).toBe(true);
  expect(isCheap({ bytes: megabytes(51), bytesPerMs: megabytes(1), decodedMs: 1000 })).toBe(false);
  expect(isCheap({ bytes: megabytes(51), bytesPerMs: megabytes(2), decodedMs: 1000 })).toBe(true);
});
