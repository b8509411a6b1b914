import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHunks, lineChanges } from "./line-changes.ts";
import { mergeThreeWay } from "./merge.ts";

const base = "a\nb\nc\nd\ne\n";

const anyText = fc
  .array(fc.constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 10 })
  .map((lines) => lines.join(""));

describe("a three-way merge", () => {
  it.each([
    ["changes of different lines", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"],
    ["an insertion and a removal", "a\nx\nb\nc\nd\ne\n", "a\nb\nc\nd\n", "a\nx\nb\nc\nd\n"],
    ["the same change on both sides", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\nE\n", "a\nX\nc\nd\nE\n"],
    ["a change on one side only", base, "a\nc\n", "a\nc\n"],
  ])("keeps %s", (_, ours, theirs, text) => {
    expect(mergeThreeWay({ base, ours, theirs })).toEqual({ kind: "merged", text });
    expect(mergeThreeWay({ base, ours: theirs, theirs: ours })).toEqual({ kind: "merged", text });
  });

  it("reports lines that both sides changed, with what each made of them", () => {
    const outcome = mergeThreeWay({ base, ours: "a\nX\nc\nd\ne\n", theirs: "a\nY\nZ\nd\ne\n" });
    expect(outcome).toEqual({
      kind: "conflict",
      sentence:
        "The file was changed meanwhile in the same lines: at lines 2-3 (as they were numbered before).",
      regions: [{ startLine: 2, endLine: 3, base: "b\nc\n", ours: "X\nc\n", theirs: "Y\nZ\n" }],
    });
  });

  it.each([
    ["neighbouring lines", "a\nX\nc\nd\ne\n", "a\nb\nY\nd\ne\n", /at lines 2-3 /],
    [
      "the same place by insertion",
      "a\nX\nb\nc\nd\ne\n",
      "a\nY\nb\nc\nd\ne\n",
      /in front of line 2 /,
    ],
    ["a line that the other side removed", "a\nX\nc\nd\ne\n", "a\nc\nd\ne\n", /at line 2 /],
    ["two places", "X\nb\nc\nd\nX\n", "Y\nb\nc\nd\nY\n", /at line 1 and at line 5 /],
  ])("conflicts in %s", (_, ours, theirs, sentence) => {
    const outcome = mergeThreeWay({ base, ours, theirs });
    expect(outcome.kind).toBe("conflict");
    expect(outcome.kind === "conflict" && outcome.sentence).toMatch(sentence);
  });

  it("names some of many conflicts", () => {
    const wide = Array.from({ length: 20 }, (_, index) => (index % 4 === 0 ? "x\n" : `${index}\n`));
    const marked = (mark: string) => wide.map((line) => (line === "x\n" ? mark : line)).join("");
    const outcome = mergeThreeWay({
      base: wide.join(""),
      ours: marked("y\n"),
      theirs: marked("z\n"),
    });
    const sentence = outcome.kind === "conflict" ? outcome.sentence : "";
    expect(sentence).toContain("at line 1, at line 5, at line 9 and at 2 more places");
  });

  it("takes the other side where one left the base alone", () => {
    fc.assert(
      fc.property(anyText, anyText, (from, text) => {
        const merged = { kind: "merged", text };
        expect(mergeThreeWay({ base: from, ours: from, theirs: text })).toEqual(merged);
        expect(mergeThreeWay({ base: from, ours: text, theirs: from })).toEqual(merged);
        expect(mergeThreeWay({ base: from, ours: text, theirs: text })).toEqual(merged);
      }),
    );
  });

  it("puts any two parts of one change together again", () => {
    const actions = fc.array(fc.constantFrom("keep", "keep", "remove", "replace", "insert"));
    fc.assert(
      fc.property(actions, fc.nat(), (script, choice) => {
        const before = script.map((_, index) => `${index}\n`).join("");
        const results = { keep: "N\n", remove: "", replace: "new N\n", insert: "N\nmore N\n" };
        const after = script
          .map((action, index) => results[action].replaceAll("N", `${index}`))
          .join("");
        const hunks = lineChanges(before, after);
        const isOurs = (index: number) => ((choice >> index) & 1) === 1;
        const indices = [...hunks.keys()];
        const ours = applyHunks(before, hunks, new Set(indices.filter(isOurs)));
        const theirs = applyHunks(before, hunks, new Set(indices.filter((i) => !isOurs(i))));
        const merged = mergeThreeWay({ base: before, ours, theirs });
        expect(merged).toEqual({ kind: "merged", text: after });
      }),
    );
  });

  it("merges large files with changes at both ends", () => {
    const lines = Array.from({ length: 200_000 }, (_, index) =>
      index % 2 === 0 ? "\n" : `${index}\n`,
    );
    const [ours, theirs] = [lines.with(0, "first\n"), lines.with(199_999, "last\n")];
    const text = ours.with(199_999, "last\n").join("");
    const merged = mergeThreeWay({
      base: lines.join(""),
      ours: ours.join(""),
      theirs: theirs.join(""),
    });
    expect(merged.kind === "merged" && merged.text === text).toBe(true);
  });
});
