import { describe, expect, it } from "vitest";
import { costMs, UNMEASURED } from "./cost.ts";

const speeds = { tokenMs: 2, shiftMs: 50 };

describe("what a plan costs", () => {
  it("is the time of its tokens and of one pass of shifts", () => {
    expect(costMs({ prefillTokens: 10, shifts: false }, speeds)).toBe(20);
    expect(costMs({ prefillTokens: 10, shifts: true }, speeds)).toBe(20 + 50);
  });

  it("has the tokens that are read from disk in it, which cost nothing until that was measured", () => {
    const work = { prefillTokens: 10, shifts: false, restoreTokens: 100 };
    expect(costMs(work, speeds)).toBe(20);
    expect(costMs(work, { ...speeds, restoreTokenMs: 0.5 })).toBe(20 + 50);
  });

  it("is decided by its tokens alone before anything has been measured", () => {
    const shifting = costMs({ prefillTokens: 10, shifts: true }, UNMEASURED);
    expect(shifting).toBeLessThan(costMs({ prefillTokens: 11, shifts: false }, UNMEASURED));
  });
});
