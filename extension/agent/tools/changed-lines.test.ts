import { describe, expect, it } from "vitest";
import { changedLines } from "./changed-lines.ts";

const RESULT_CHARACTERS_AT_MOST = 20_000;
const LONG = "x".repeat(200_000);

const changed = (before: readonly string[], after: readonly string[]) =>
  changedLines("a.txt", `${before.join("\n")}\n`, `${after.join("\n")}\n`);

describe("what an edit's result shows of it", () => {
  it("is the new lines, with one around", () => {
    expect(changed(["1", "2", "3", "4"], ["1", "2", "three", "4"])).toBe(
      "Lines 2–4 now read:\n```txt\n2\nthree\n4\n```",
    );
  });

  it("is only where they stand when they are many or long", () => {
    const many = Array.from({ length: 40 }, (_, index) => `new ${index}`);
    expect(changed(["1", "2"], ["1", ...many, "2"])).toBe("Lines 1–42 now read as you wrote them.");
    expect(changed([LONG], [`${LONG}y`])).toBe("Line 1 now reads as you wrote it.");
  });

  it("leaves out a long line beside the change", () => {
    expect(changed([LONG, "2", LONG], [LONG, "two", LONG])).toBe(
      "Line 2 now reads:\n```txt\ntwo\n```",
    );
  });

  it("names the lines between which others went away, however long", () => {
    expect(changed(["1", "2", "3"], ["1", "3"])).toBe("Lines 1–2 now read:\n```txt\n1\n3\n```");
    expect(changed([LONG, "2", LONG], [LONG, LONG])).toBe("Lines 1–2 now read as you wrote them.");
  });

  it("stays short where the changes are many", () => {
    const lines = (word: string) =>
      Array.from({ length: 600 }, (_, index) => (index % 3 === 1 ? word.repeat(300) : `${index}`));
    const result = changed(lines("a"), lines("b"));
    expect(result.length).toBeLessThan(RESULT_CHARACTERS_AT_MOST);
    expect(result).toMatch(
      /Lines 148–150 now read as you wrote them\.\nThere are 150 more changes\.$/,
    );
  });
});
