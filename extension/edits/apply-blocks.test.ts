import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyBlocks, BLOCKS_MAX } from "./apply-blocks.ts";
import { edited, manyLines } from "./edit-cases.test-support.ts";

const file = "import a\nimport b\n\nfunction f() {\n  return 1;\n}\n";

type Case = readonly [name: string, text: string, search: string, replace: string, result: string];

const exact: readonly Case[] = [
  ["one line", file, "  return 1;", "  return 2;", file.replace("1", "2")],
  ["several lines", file, "import a\nimport b\n", "import c\n", file.replace("a\nimport b", "c")],
  ["the first line", file, "import a\n", "import z\n", file.replace("a", "z")],
  ["the last line", "a\nb\n", "b\n", "c\n", "a\nc\n"],
  ["a last line without a line feed", "a\nb", "b", "c", "a\nc"],
  ["the whole file", "a\nb\n", "a\nb\n", "c\n", "c\n"],
  ["the whole file, without the last line feed", "a\nb\n", "a\nb", "c", "c\n"],
  ["a part of a line", "let a = f(1);\n", "f(1)", "g(2)", "let a = g(2);\n"],
  ["a part that begins in one line and ends in another", "ab\ncd\n", "b\nc", "x", "axd\n"],
  ["blank lines inside", "a\n\n\nb\n", "a\n\n\nb", "a\nb", "a\nb\n"],
  ["only a line feed, where it is the only one", "a\nb", "\n", " ", "a b"],
  ["a removed line with its line feed", "a\nb\nc\n", "b\n", "", "a\nc\n"],
  ["a removed line leaves no empty one behind", "a\nb\nc\n", "b", "", "a\nc\n"],
  ["a removed part of a line, and nothing else", "f(a, b)\n", ", b", "", "f(a)\n"],
  ["a removed last line", "a\nb", "b", "", "a\n"],
  ["the whole file, removed", "a\nb\n", "a\nb\n", "", ""],
  ["a forgotten line feed joins no lines", "a\nb\nc\n", "b\n", "x", "a\nx\nc\n"],
  ["text that looks like a pattern", "a.*(b)[c]$1\n", ".*(b)[c]$1", "$&$1", "a$&$1\n"],
  [
    "a line that is the beginning of another",
    "a = 1\na = 10\n",
    "a = 1",
    "a = 2",
    "a = 2\na = 10\n",
  ],
  ["tabs", "\tif x:\n\t\ty\n", "\t\ty", "\t\tz", "\tif x:\n\t\tz\n"],
  ["an empty file that is filled", "", "", "a\n", "a\n"],
  ["white space at the end of lines is kept", "a  \nb\t\nc\n", "c", "d", "a  \nb\t\nd\n"],
  ["characters beyond the basic plane", "say 🦊 now\n", "🦊", "🐺", "say 🐺 now\n"],
  ["composed characters", "café\n", "é", "e", "cafe\n"],
  ["decomposed characters", "cafe\u0301 1\n", "e\u0301 1", "e 2", "cafe 2\n"],
  ["right-to-left text", "שלום עולם\n", "עולם", "חבר", "שלום חבר\n"],
  ["Chinese text", "你好,世界。\n", "世界", "朋友", "你好,朋友。\n"],
  ["a byte order mark stays in front", "\ufeffa\nb\n", "a", "c", "\ufeffc\nb\n"],
  ["a search in CRLF for a file in LF", "a\nb\nc\n", "a\r\nb\r\n", "x\r\n", "x\nc\n"],
  ["a search in LF for a file in CRLF", "a\r\nb\r\nc\r\n", "a\nb\n", "x\ny\n", "x\r\ny\r\nc\r\n"],
  ["old Macintosh line ends", "a\rb\rc", "b", "x\ny", "a\rx\ry\rc"],
  ["mixed line ends elsewhere are kept", "a\r\nb\nc\r\n", "b", "x", "a\r\nx\nc\r\n"],
  [
    "a changed line keeps its own end among mixed ones",
    "a\nb\r\nc\n",
    "b",
    "x\ny",
    "a\nx\r\ny\r\nc\n",
  ],
];

const failures: readonly (readonly [
  name: string,
  text: string,
  search: string,
  reason: string,
  sentence: RegExp,
])[] = [
  ["a missing text", file, "while (true) { sleep(); }", "missing", /not in the file, nor anything/],
  [
    "a missing text that resembles some",
    file,
    "function start(a) {",
    "missing",
    /4\| function f\(\) \{/,
  ],
  ["anything in an empty file", "", "a", "missing", /not in the file/],
  ["two equal lines", "a\nb\na\n", "a", "ambiguous", /line 1, line 3; add/],
  ["two equal parts of lines", "xay\nzaz\n", "a", "ambiguous", /line 1, line 2/],
  ["two equal parts of one line", "aba\n", "a", "ambiguous", /line 1, line 1/],
  ["places that overlap", "aaa\n", "aa", "ambiguous", /line 1, line 1/],
  ["a text of one letter", "a".repeat(5_000_000), "a".repeat(2_000), "ambiguous", /, and more;/],
  ["two equal runs of lines", "a\nb\nc\na\nb\n", "a\nb\n", "ambiguous", /lines 1-2, lines 4-5/],
  ["more places than are named", "a\n".repeat(9), "a", "ambiguous", /line 6, and more; add/],
  ["an empty search", file, "", "empty", /give it the lines/],
  ["blank lines that are not there", "a\nb\n", "\n \n", "empty", /white space only/],
  ["half of a character", "🦊\n", "\ud83e", "missing", /not in the file/],
];

describe("applying blocks", () => {
  it.each(exact)("replaces exactly: %s", (_, text, search, replace, result) => {
    expect(edited(text, search, replace)).toEqual(["exact", result]);
  });

  it.each(failures)("fails for %s", (_, text, search, reason, sentence) => {
    const outcome = edited(text, search, "new");
    expect(outcome[0]).toBe(reason);
    expect(outcome[1]).toMatch(sentence);
  });

  it("applies several blocks in any order, and reports each in the order given", () => {
    const blocks = [
      { search: "  return 1;", replace: "  return 2;\n  // two" },
      { search: "import a", replace: "import z" },
    ];
    const outcome = applyBlocks(file, blocks);
    expect(outcome).toEqual({
      kind: "applied",
      text: "import z\nimport b\n\nfunction f() {\n  return 2;\n  // two\n}\n",
      matches: [
        { how: "exact", startLine: 5, endLine: 5, similarity: 1 },
        { how: "exact", startLine: 1, endLine: 1, similarity: 1 },
      ],
    });
  });

  it("applies blocks that stand side by side", () => {
    const blocks = ["a", "b", "c"].map((line) => ({ search: `${line}\n`, replace: `${line}!\n` }));
    expect(applyBlocks("a\nb\nc\n", blocks)).toMatchObject({ text: "a!\nb!\nc!\n" });
  });

  it.each([
    ["overlap", "a\nb", "b\nc"],
    ["contain each other", "a\nb\nc", "b"],
    ["are the same", "b", "b"],
  ])("refuses blocks that %s", (_, first, second) => {
    const blocks = [
      { search: first, replace: "x" },
      { search: second, replace: "y" },
    ];
    expect(applyBlocks("a\nb\nc\n", blocks)).toEqual({
      kind: "failed",
      block: 1,
      reason: "overlap",
      sentence: "Blocks 1 and 2 both change line 2; make one block of them.",
    });
  });

  it("applies none when one fails, and says which", () => {
    const blocks = [
      { search: "import a", replace: "import z" },
      { search: "nothing of the kind", replace: "x" },
    ];
    expect(applyBlocks(file, blocks)).toMatchObject({
      kind: "failed",
      block: 1,
      reason: "missing",
    });
  });

  it("says so when a block looks for what an earlier one writes", () => {
    const blocks = [
      { search: "import a", replace: "import zebra" },
      { search: "import zebra", replace: "import yak" },
    ];
    const sentence = expect.stringContaining("in what block 1 writes") as string;
    expect(applyBlocks(file, blocks)).toMatchObject({ reason: "missing", block: 1, sentence });
  });

  it("says so when nothing changes", () => {
    expect(edited(file, "import a", "import a")[0]).toBe("unchanged");
  });

  it("refuses no blocks and too many", () => {
    const blocks = Array.from({ length: BLOCKS_MAX + 1 }, (_, n) => ({
      search: `${n}`,
      replace: "",
    }));
    expect(applyBlocks(file, [])).toMatchObject({ reason: "empty" });
    expect(applyBlocks(file, blocks)).toMatchObject({ reason: "tooMany" });
  });

  it("finds any run of lines that stands once, and changes nothing else", () => {
    const line = fc.string({ maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, "_"));
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { minLength: 3, maxLength: 20, selector: (text) => text.trim() }),
        fc.nat(),
        fc.array(line, { minLength: 1, maxLength: 3 }),
        (lines, seed, replacement) => {
          const at = seed % lines.length;
          fc.pre(lines[at]!.trim() !== "" && replacement.join("\n") !== "");
          fc.pre(lines[at] !== replacement.join("\n"));
          const blocks = [{ search: lines[at]!, replace: replacement.join("\n") }];
          const outcome = applyBlocks(lines.join("\n"), blocks);
          const text = lines.toSpliced(at, 1, ...replacement).join("\n");
          // A line that begins another one is known by its being a whole line.
          expect(outcome).toMatchObject({ kind: "applied", text });
        },
      ),
    );
  });

  it("edits a file of 200,000 lines", () => {
    const lines = manyLines(200_000);
    const blocks = [2, 100_001, 199_999].map((index) => ({
      search: lines[index]!,
      replace: `// ${index}`,
    }));
    const outcome = applyBlocks(`${lines.join("\n")}\n`, blocks);
    for (const index of [2, 100_001, 199_999]) lines[index] = `// ${index}`;
    expect(outcome.kind === "applied" && outcome.text === `${lines.join("\n")}\n`).toBe(true);
  });
});
