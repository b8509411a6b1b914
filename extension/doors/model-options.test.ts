import { describe, expect, it } from "vitest";
import { withModelOptions } from "./model-options.ts";

const settings = { sampling: { temperature: 0.7, topK: 40 }, maxTokens: 100 };

describe("the options of a model request", () => {
  it("are the settings when a caller gives none", () => {
    expect(withModelOptions(settings)).toEqual(settings);
  });

  it("come from the caller where it gives them, in either spelling", () => {
    expect(withModelOptions(settings, { temperature: 0, top_p: 0.5, max_tokens: 7 })).toEqual({
      sampling: { temperature: 0, topK: 40, topP: 0.5 },
      maxTokens: 7,
    });
  });

  it("take one stop sequence or several", () => {
    expect(withModelOptions(settings, { stop: "END" }).stopSequences).toEqual(["END"]);
    expect(withModelOptions(settings, { stop: ["A", "B"] }).stopSequences).toEqual(["A", "B"]);
  });

  it("stay as they are where the caller's value makes no sense", () => {
    expect(withModelOptions(settings, { temperature: "hot", topK: -1, stop: [] })).toEqual(
      settings,
    );
  });
});
