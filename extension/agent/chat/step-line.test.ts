import { describe, expect, it } from "vitest";
import { withoutSteps } from "./step-line.ts";

describe("an answer without its steps", () => {
  it("keeps what the model said", () => {
    const shown = [
      "I look at the file.",
      "",
      "$(check) Reading a.ts · 3 lines",
      "",
      "$(error) Running npm test · Exit code 1.",
      "",
      "````console",
      "```not the end",
      "1 failed",
      "````",
      "",
      "$(circle-slash) The agent has taken 2 steps, its limit for one turn.",
      "",
      "It is done:",
      "```ts",
      "const a = 1;",
      "```",
    ].join("\n");
    expect(withoutSteps(shown)).toBe(
      "I look at the file.\n\nIt is done:\n```ts\nconst a = 1;\n```",
    );
  });

  it("leaves an answer without steps as it is", () => {
    const answer = "Costs $(5) at most:\n\n```console\nnpm test\n```";
    expect(withoutSteps(answer)).toBe(answer);
  });
});
