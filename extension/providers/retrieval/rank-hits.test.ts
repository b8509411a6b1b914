import { describe, expect, it } from "vitest";
import type { TextHit } from "../../agent/ports/search.ts";
import { rankHits } from "./rank-hits.ts";

const hit = (path: string, line: number, text: string): TextHit => ({ path, line, text });
const ranked = (
  hits: readonly TextHit[],
  names: readonly string[],
  words: readonly string[] = [],
) => rankHits(hits, { names, words, paths: [] });
const paths = (...given: Parameters<typeof ranked>): string[] =>
  ranked(...given).map(({ path }) => path);

describe("the order of files", () => {
  it.each([
    [
      "a definition before uses",
      [hit("use.ts", 1, "size(1); size(2)"), hit("def.ts", 9, "export function size(x) {")],
      ["def.ts", "use.ts"],
    ],
    [
      "a file that is named like it",
      [hit("a.ts", 1, "size"), hit("size.ts", 1, "size")],
      ["size.ts", "a.ts"],
    ],
    [
      "code before its tests",
      [hit("test/a.test.ts", 1, "size"), hit("src/b.ts", 1, "size")],
      ["src/b.ts", "test/a.test.ts"],
    ],
    [
      "the order of paths where nothing else decides",
      [hit("b.ts", 1, "size"), hit("a.ts", 1, "size")],
      ["a.ts", "b.ts"],
    ],
  ])("is %s first", (_, hits, expected) => {
    expect(paths(hits, ["size"])).toEqual(expected);
  });

  it("prefers what is rare", () => {
    const common = Array.from({ length: 20 }, (_, index) => hit(`c${index}.ts`, 1, "common"));
    expect(paths([...common, hit("z.ts", 1, "rare")], ["common", "rare"])[0]).toBe("z.ts");
  });

  it("lets other words of the message decide", () => {
    const hits = [hit("a.ts", 1, "size(width)"), hit("b.ts", 1, "size(height)")];
    expect(paths(hits, ["size"], ["height"])).toEqual(["b.ts", "a.ts"]);
  });

  it("does not grow with the number of hits without end", () => {
    const hits = Array.from({ length: 100 }, (_, line) => hit("log.ts", line + 1, "size"));
    expect(paths([...hits, hit("def.ts", 1, "class size {")], ["size"])[0]).toBe("def.ts");
  });
});

describe("what is no place to look at", () => {
  it.each([
    [
      "names that stand everywhere",
      Array.from({ length: 100 }, (_, i) => hit(`${i}.ts`, 1, "size")),
    ],
    ["generated lines", [hit("min.js", 1, `size${"x".repeat(500)}`)]],
    ["parts of other names", [hit("a.ts", 1, "resize sizes my_size size$")]],
    ["nothing", []],
  ])("is left out: %s", (_, hits) => {
    expect(ranked(hits, ["size"])).toEqual([]);
  });

  it("is not made of names with special characters", () => {
    expect(paths([hit("a.ts", 1, "const $a = 1")], ["$a"])).toEqual(["a.ts"]);
  });
});

it("goes over the names of folders and files once, however they were chosen", () => {
  const folders = `${".a".repeat(127)}/`.repeat(16);
  const hits = Array.from({ length: 2_000 }, (_, line) => hit(`${folders}${line}-`, 1, "size"));
  expect(ranked(hits, ["size"])).toEqual([]);
});

it("gives the best lines of a file first", () => {
  const hits = [
    hit("a.ts", 3, "size()"),
    hit("a.ts", 7, "export const size = 1;"),
    hit("a.ts", 9, "size()"),
  ];
  expect(ranked(hits, ["size"])[0]?.lines).toEqual([7, 3, 9]);
});
