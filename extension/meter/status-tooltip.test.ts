import { describe, expect, it } from "vitest";
import type { ModelFacts, ModelStatus } from "../../protocol/model.ts";
import type { Status } from "./status-text.ts";
import { statusTooltip } from "./status-tooltip.ts";

const path = "/model.gguf";

function withModel(model: ModelStatus): Status {
  return { model, activity: null, cachedShare: null, down: false };
}

function named(name: string): Status {
  const cellReuse = { kind: "everything", reason: null } as const;
  return withModel({
    state: "ready",
    facts: { name, windowTokens: 32_768, cellReuse } as ModelFacts,
  });
}

describe("the status bar's tooltip", () => {
  it("names the model and its window, above the meter", () => {
    expect(statusTooltip(named("Tiny 1B"), "| a table |")).toBe(
      "**Kvasir**\n\n`Tiny 1B`, 32,768 tokens\n\n| a table |",
    );
  });

  it("shows a name that is Markdown as it is, and fetches nothing", () => {
    expect(statusTooltip(named("`x` ![](https://host/p.png)\n\n# [y](z)"), "")).toBe(
      "**Kvasir**\n\n`'x' ![](https://host/p.png) # [y](z)`, 32,768 tokens",
    );
  });

  it("shows an error that is Markdown as it is", () => {
    const error = { kind: "modelFailed", message: "No ![](https://host/p.png)." } as const;
    expect(statusTooltip(withModel({ state: "failed", path, error }), "")).toBe(
      "**Kvasir**\n\n`No ![](https://host/p.png).`",
    );
  });

  it.each([
    [{ state: "unset" } as const, "Click to select a model file."],
    [{ state: "unloaded", path } as const, "The next message loads the model."],
  ])("says what comes next when the model is %j", (model, sentence) => {
    expect(statusTooltip(withModel(model), "")).toBe(`**Kvasir**\n\n${sentence}`);
  });

  it("says how a sidecar that is down is started again", () => {
    expect(statusTooltip({ ...named("Tiny 1B"), down: true }, "")).toBe(
      "**Kvasir**\n\nThe sidecar crashed too often; click to restart it.",
    );
  });
});
