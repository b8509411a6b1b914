import { describe, expect, it } from "vitest";
import { progressText } from "./progress-text.ts";

describe("the progress of a turn", () => {
  it("shows how far the model is loaded", () => {
    expect(progressText({ kind: "loading", share: 0.4 })).toBe("loading model… 40%");
  });

  it("shows what is prefilled and what is reused", () => {
    const event = { reusedTokens: 9_098, processedTokens: 9_098, totalTokens: 9_410 };
    expect(progressText({ kind: "prefill", ...event })).toBe(
      "prefilling 312 of 9,410 tokens, 96% reused",
    );
  });

  it("shows how much of the prefill is done", () => {
    const event = { reusedTokens: 0, processedTokens: 50, totalTokens: 200 };
    expect(progressText({ kind: "prefill", ...event })).toBe(
      "prefilling 200 of 200 tokens, 0% reused: 25% done",
    );
  });

  it("has nothing to say about the answer itself", () => {
    expect(progressText({ kind: "text", text: "Hi" })).toBeNull();
  });
});
