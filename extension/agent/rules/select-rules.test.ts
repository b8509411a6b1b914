import { describe, expect, it } from "vitest";
import { folderRulePaths } from "./rule-paths.ts";
import { RULES_CHARACTERS_MAX, selectRules } from "./select-rules.ts";

describe("where rules stand", () => {
  it.each([
    ["", ["AGENTS.md"]],
    [".", ["AGENTS.md"]],
    ["a/b", ["AGENTS.md", "a/AGENTS.md", "a/b/AGENTS.md"]],
    ["a//b/", ["AGENTS.md", "a/AGENTS.md", "a/b/AGENTS.md"]],
  ])("for %j", (folder, paths) => {
    expect(folderRulePaths(folder)).toEqual(paths);
  });
});

describe("rules that fit", () => {
  it("keep their order, the nearest last, and lose only white space around", () => {
    const selected = selectRules([
      { label: "user", text: "\n  a\r\nb\n" },
      { label: "empty", text: " \n" },
      { label: "near", text: "c" },
    ]);
    expect(selected).toEqual({
      rules: [
        { label: "user", text: "a\nb" },
        { label: "near", text: "c" },
      ],
      sentences: [],
    });
  });
});

describe("rules that do not fit", () => {
  it("are cut where they are farthest, at a line, and everybody is told", () => {
    const { rules, sentences } = selectRules(
      [
        { label: "far", text: "gone\n".repeat(10) },
        { label: "middle", text: "first\nsecond\nthird" },
        { label: "near", text: "near" },
      ],
      18,
    );
    expect(rules).toEqual([
      { label: "middle", text: "first\nsecond\n[The rest of middle is left out.]" },
      { label: "near", text: "near" },
    ]);
    expect(sentences).toEqual([
      "far was left out, because all rules together may have 18 characters.",
      "middle was cut to 12 of 18 characters, because all rules together may have 18 characters.",
    ]);
  });

  it("never exceed the limit", () => {
    const long = "word word word\n".repeat(10_000);
    const { rules } = selectRules([
      { label: "a", text: long },
      { label: "b", text: long },
    ]);
    const length = rules.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeLessThan(RULES_CHARACTERS_MAX + 100);
  });
});
