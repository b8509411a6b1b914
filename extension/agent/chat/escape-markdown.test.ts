import { describe, expect, it } from "vitest";
import { escapeMarkdown } from "./escape-markdown.ts";

describe("plain text in Markdown", () => {
  it.each([
    ["two  words\nof text", "two words of text"],
    ["[a](command:b)", String.raw`\[a\]\(command:b\)`],
    ["<img src=x>", String.raw`\<img src=x\>`],
    ["$(check) `a` **b** __c__", String.raw`\$\(check\) \`a\` \*\*b\*\* \_\_c\_\_`],
    ["&lt; 1. \\ | #x ~y~ +1 -2 !", String.raw`\&lt; 1\. \\ \| \#x \~y\~ \+1 \-2 \!`],
  ])("says %s as it is", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});
