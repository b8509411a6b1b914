import { expect, it } from "vitest";
import { markdownSession } from "./markdown-session.ts";
import { session } from "./session.test-support.ts";

it("shows what was asked, done and answered, and nothing of the instructions", () => {
  const text = markdownSession(session, [{ path: "/people/ada", shownAs: "~" }]);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("x"));
  expect(lines).toEqual([
    "# Why is `a` 1?",
    "*A conversation with Kvasir that began on 2026-01-31.*",
    "*Attached: src/a.ts, lines 1–1*",
    "## You",
    "Why is `a` 1?",
    "In ~/code/src/a.ts",
    "## Kvasir",
    "I look.",
    "- search_text: `a = 1`",
    "- list_files",
    "<details><summary>Result of search_text</summary>",
    "```",
    "src/a.ts:1: let a = 1;",
    "```",
    "</details>",
    "<details><summary>Result of list_files</summary>",
    "```",
    "```",
    "(1000 more characters)",
    "</details>",
    "It was never changed.",
    "> src/a.ts has changed",
    "> since it was shown above.",
    "## You",
    "And 🦉?",
    "## Kvasir",
    "No.",
  ]);
});

it("is called what its user calls it", () => {
  expect(markdownSession({ ...session, name: "The why" }, [])).toMatch(/^# The why\n/u);
});
