import { describe, expect, it } from "vitest";
import { explain } from "./error-sentence.ts";
import { SidecarUnavailable } from "./sidecar-unavailable.ts";

describe("what a user is told about an error", () => {
  it("is the sentence that the sidecar sent, with a way to another model", () => {
    const error = Object.assign(new Error("-31000"), {
      data: { kind: "modelMissing", message: "The model file was not found." },
    });
    expect(explain(error)).toEqual({ sentence: "The model file was not found.", remedy: "model" });
  });

  it("does not blame the model for a prompt that is too long", () => {
    const data = { kind: "promptTooLong", message: "The prompt does not fit." };
    expect(explain({ data })).toEqual({ sentence: "The prompt does not fit.", remedy: null });
  });

  it("offers a restart when the sidecar is not there", () => {
    expect(explain(new SidecarUnavailable("The sidecar stopped.", { returns: false }))).toEqual({
      sentence: "The sidecar stopped.",
      remedy: "sidecar",
    });
  });

  it("is a general sentence for anything else, and no stack", () => {
    const { sentence, remedy } = explain(new TypeError("x is not a function"));
    expect(sentence).not.toContain("x is not");
    expect(remedy).toBe("log");
  });
});
