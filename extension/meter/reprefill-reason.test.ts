import { describe, expect, it } from "vitest";
import { readingWith } from "./reading.test-support.ts";
import { reprefillReason } from "./reprefill-reason.ts";

describe("the reason of a re-prefill", () => {
  it("names the segment and the place", () => {
    const reading = readingWith({
      usage: { prefilledTokens: 12_100 },
      divergence: { droppedTokens: 12_040, segmentLabel: "src/a.ts", text: "const b = 2;" },
    });
    expect(reprefillReason(reading)).toBe(
      "12,040 tokens again because `src/a.ts` changed at `const b = 2;`",
    );
  });

  it("names the chat template when no segment owns the token", () => {
    const reading = readingWith({
      usage: { prefilledTokens: 5 },
      divergence: { droppedTokens: 5, segmentId: null, text: "<tools>" },
    });
    expect(reprefillReason(reading)).toContain("the chat template or the tools changed");
  });

  it("names what was taken out, and what stands there now", () => {
    const reading = readingWith({
      usage: { prefilledTokens: 40 },
      divergence: { droppedTokens: 40, segmentLabel: "Git status", removed: true, text: "Why?" },
    });
    expect(reprefillReason(reading)).toBe(
      "40 tokens again because `Git status` was taken out before `Why?`",
    );
  });

  it("counts no more tokens than were prefilled", () => {
    const reading = readingWith({
      usage: { prefilledTokens: 3 },
      divergence: { droppedTokens: 900, text: "x" },
    });
    expect(reprefillReason(reading)).toMatch(/^3 tokens again/);
  });

  it("is absent when nothing was resident before", () => {
    expect(reprefillReason(readingWith({ usage: { prefilledTokens: 700 } }))).toBeNull();
  });
});
