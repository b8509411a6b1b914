import { describe, expect, it } from "vitest";
import { fencedText } from "./fenced-text.ts";

describe("a file in a prompt", () => {
  it("stands fenced under its name", () => {
    expect(fencedText("src/a.ts", "let a;\n", "typescript")).toBe(
      "src/a.ts\n```typescript\nlet a;\n```\n",
    );
  });

  it("gets a line end before the fence if it has none", () => {
    expect(fencedText("a", "b", "")).toBe("a\n```\nb\n```\n");
  });

  it("gets a longer fence than any in its text", () => {
    expect(fencedText("a.md", "````js\n````\n", "markdown")).toContain("\n`````markdown\n");
  });
});
