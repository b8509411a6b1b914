import fc from "fast-check";
import { expect, it } from "vitest";
import { lineHunks } from "./line-hunks.ts";

const lines = (...all: string[]): string => all.join("\n");

it("finds nothing between equal texts", () => {
  expect(lineHunks("a\nb\n", "a\nb\n")).toEqual([]);
});

it("finds the one line that changed", () => {
  expect(lineHunks(lines("a", "b", "c", ""), lines("a", "x", "c", ""))).toEqual([
    { oldStart: 1, oldEnd: 2, newStart: 1, newEnd: 2 },
  ]);
});

it("keeps far changes apart", () => {
  const before = lines("a", "b", "c", "d", "e", "f");
  expect(lineHunks(before, lines("A", "b", "c", "d", "new", "e", "f"))).toEqual([
    { oldStart: 0, oldEnd: 1, newStart: 0, newEnd: 1 },
    { oldStart: 4, oldEnd: 4, newStart: 4, newEnd: 5 },
  ]);
});

it("takes whole lines even where the changed part of a line is short", () => {
  expect(lineHunks("const a = 1;", "const a = 2;")).toEqual([
    { oldStart: 0, oldEnd: 1, newStart: 0, newEnd: 1 },
  ]);
});

it("leads from any text to any other, and never names an equal line at a hunk's ends", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const built: string[] = [];
      let kept = 0;
      for (const { oldStart, oldEnd, newStart, newEnd } of lineHunks(
        lines(...before),
        lines(...after),
      )) {
        expect(oldEnd - oldStart + (newEnd - newStart)).toBeGreaterThan(0);
        built.push(...split(before).slice(kept, oldStart));
        expect(built.length).toBe(newStart);
        built.push(...split(after).slice(newStart, newEnd));
        kept = oldEnd;
      }
      built.push(...split(before).slice(kept));
      expect(built.join("\n")).toBe(after.join("\n"));
    }),
    { numRuns: 2_000 },
  );
});

/** A text without lines still has one, which is empty. */
function split(all: readonly string[]): readonly string[] {
  return all.length === 0 ? [""] : all;
}
