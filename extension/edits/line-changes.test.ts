import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHunks, lineChanges } from "./line-changes.ts";

/** Texts of few different lines, with and without a line feed at the end. */
const anyText = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "", " a"), { maxLength: 12 }), fc.boolean())
  .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));

const all = (hunks: readonly unknown[]) => new Set(hunks.keys());

describe("changes of lines", () => {
  it("are none where nothing changed", () => {
    expect(lineChanges("a\nb\n", "a\nb\n")).toEqual([]);
  });

  it("name the changed lines on both sides, and nothing around them", () => {
    expect(lineChanges("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n")).toEqual([
      { beforeIndex: 1, beforeLines: ["b\n"], afterIndex: 1, afterLines: ["B\n"] },
      { beforeIndex: 4, beforeLines: [], afterIndex: 4, afterLines: ["e\n"] },
    ]);
  });

  it("count a line feed at the end of the file", () => {
    expect(lineChanges("a\nb", "a\nb\n")).toEqual([
      { beforeIndex: 1, beforeLines: ["b"], afterIndex: 1, afterLines: ["b\n"] },
    ]);
  });

  it("give the new text when all are accepted, and the old one when none is", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const hunks = lineChanges(before, after);
        expect(applyHunks(before, hunks, all(hunks))).toBe(after);
        expect(applyHunks(before, hunks, new Set())).toBe(before);
      }),
    );
  });

  it("can be accepted in any selection: what is left over are exactly the others", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(), (before, after, choice) => {
        const hunks = lineChanges(before, after);
        const accepted = new Set([...hunks.keys()].filter((index) => (choice >> index) & 1));
        const partly = applyHunks(before, hunks, accepted);
        const shift = (index: number) =>
          [...accepted]
            .filter((other) => other < index)
            .reduce(
              (sum, i) => sum + hunks[i]!.afterLines.length - hunks[i]!.beforeLines.length,
              0,
            );
        const others = hunks.flatMap((hunk, index) =>
          accepted.has(index) ? [] : [{ ...hunk, beforeIndex: hunk.beforeIndex + shift(index) }],
        );
        expect(applyHunks(partly, others, all(others))).toBe(after);
      }),
    );
  });

  it("always have an unchanged line between them", () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const hunks = lineChanges(before, after);
        const gaps = hunks.slice(1).map(({ beforeIndex }, index) => {
          const previous = hunks[index]!;
          return beforeIndex - previous.beforeIndex - previous.beforeLines.length;
        });
        expect(gaps.filter((gap) => gap < 1)).toEqual([]);
      }),
    );
  });

  it("are not applied to another text", () => {
    const hunks = lineChanges("a\nb\n", "a\nc\n");
    expect(() => applyHunks("a\nx\n", hunks, all(hunks))).toThrow("another text");
  });

  it("become one hunk where a large file is rewritten", () => {
    const before = Array.from({ length: 20_000 }, (_, index) => `old ${index}\n`);
    const after = before.map((line, index) => (index % 2 === 0 ? line : `new ${index}\n`));
    const hunks = lineChanges(before.join(""), after.join(""));
    expect(hunks).toHaveLength(1);
    expect(applyHunks(before.join(""), hunks, all(hunks))).toBe(after.join(""));
  });
});
