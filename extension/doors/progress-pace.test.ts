import { describe, expect, it } from "vitest";
import type { GenerateEvent } from "../../protocol/generate.ts";
import { ProgressPace } from "./progress-pace.ts";

const prefill = (processedTokens: number): GenerateEvent => ({
  kind: "prefill",
  reusedTokens: 0,
  processedTokens,
  totalTokens: 1_000,
});

describe("the pace of progress", () => {
  it("tells of a prefill at once, then at pauses that double", () => {
    const pace = new ProgressPace();
    const toldAt = Array.from({ length: 100 }, (_, step) => step * 200).filter(
      (nowMs) => pace.lineFor(prefill(nowMs / 20), nowMs) !== null,
    );
    expect(toldAt).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  });

  it("tells of thinking once", () => {
    const pace = new ProgressPace();
    const lines = [1, 2, 3].map(() => pace.lineFor({ kind: "reasoning", text: "hm" }, 0));
    expect(lines).toEqual(["thinking…", null, null]);
  });

  it("tells of the prefill that follows the loading at once", () => {
    const pace = new ProgressPace();
    expect(pace.lineFor({ kind: "loading", share: 0.5 }, 0)).toBe("loading model… 50%");
    expect(pace.lineFor(prefill(0), 1)).toContain("prefilling");
  });

  it("has nothing to tell of text", () => {
    expect(new ProgressPace().lineFor({ kind: "text", text: "a" }, 0)).toBeNull();
  });
});
