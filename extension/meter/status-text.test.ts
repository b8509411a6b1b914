import { describe, expect, it } from "vitest";
import type { ModelFacts } from "../../protocol/model.ts";
import { needsAttention, type Status, statusText } from "./status-text.ts";

const facts = {} as ModelFacts;
const idle: Status = {
  model: { state: "ready", facts },
  activity: null,
  cachedShare: null,
  down: false,
};
const path = "/model.gguf";
const error = { kind: "modelMissing", message: "It is not there." } as const;

describe("the status bar", () => {
  it("shows the share of the last prompt that was cached", () => {
    expect(statusText({ ...idle, cachedShare: 0.971 })).toBe("$(database) 97% cached");
  });

  it.each([
    [{ state: "unset" } as const, "$(database) Kvasir: no model"],
    [{ state: "loading", path, share: 0.4 } as const, "$(sync~spin) loading 40%"],
    [{ state: "unloaded", path } as const, "$(database) Kvasir: unloaded"],
    [{ state: "failed", path, error } as const, "$(warning) Kvasir: model failed"],
    [{ state: "ready", facts } as const, "$(database) Kvasir"],
  ])("shows the model's state %j", (model, text) => {
    expect(statusText({ ...idle, model })).toBe(text);
  });

  it("shows the prefill while it runs", () => {
    const activity = {
      kind: "prefill",
      reusedTokens: 0,
      processedTokens: 0,
      totalTokens: 20,
    } as const;
    expect(statusText({ ...idle, activity })).toBe(
      "$(sync~spin) prefilling 20 of 20 tokens, 0% reused",
    );
  });

  it("shows that an answer is being written", () => {
    expect(statusText({ ...idle, activity: { kind: "text", text: "a" } })).toContain("answering");
  });

  it("asks for attention when the sidecar is down or the model failed", () => {
    expect(needsAttention({ ...idle, down: true })).toBe(true);
    expect(needsAttention({ ...idle, model: { state: "failed", path, error } })).toBe(true);
    expect(needsAttention(idle)).toBe(false);
  });
});
