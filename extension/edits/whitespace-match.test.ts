import { describe, expect, it } from "vitest";
import { edited, manyLines } from "./edit-cases.test-support.ts";
import { applyBlocks } from "./apply-blocks.ts";

type Case = readonly [name: string, text: string, search: string, replace: string, result: string];

const nested = "class A {\n    f() {\n        a();\n        b();\n    }\n}\n";

const cases: readonly Case[] = [
  ["white space at the end of a line", "a;  \nb;\n", "a;\nb;", "a;\nc;", "a;  \nc;\n"],
  ["white space at the end of the search", "a;\nb;\n", "a;  \nb; ", "a;\nc;", "a;\nc;\n"],
  ["no indentation at all", nested, "a();\nb();", "a();\nc();", nested.replace("b()", "c()")],
  [
    "less indentation, and deeper new lines by the same difference",
    nested,
    "f() {\n    a();\n    b();\n}",
    "f() {\n    if (x) {\n        a();\n    }\n    b();\n}",
    "class A {\n    f() {\n        if (x) {\n            a();\n        }\n        b();\n    }\n}\n",
  ],
  [
    "more indentation",
    "f() {\n  a();\n}\n",
    "    f() {\n      a();\n    }",
    "    f() {\n      a();\n      b();\n    }",
    "f() {\n  a();\n  b();\n}\n",
  ],
  [
    "spaces for tabs",
    "\tif (x) {\n\t\ta();\n\t}\n",
    "    if (x) {\n        a();\n    }",
    "    if (x) {\n        a();\n        if (y) {\n            b();\n        }\n    }",
    "\tif (x) {\n\t\ta();\n\t\tif (y) {\n\t\t\tb();\n\t\t}\n\t}\n",
  ],
  [
    "tabs for spaces",
    "  if (x) {\n    a();\n  }\n",
    "\tif (x) {\n\t\ta();\n\t}",
    "\tif (x) {\n\t\ta();\n\t\t\tb();\n\t}",
    "  if (x) {\n    a();\n      b();\n  }\n",
  ],
  [
    "steps of two for steps of four",
    "if (x) {\n    a();\n}\n",
    "if (x) {\n  a();\n}",
    "if (x) {\n  a();\n  if (y) {\n    b();\n  }\n}",
    "if (x) {\n    a();\n    if (y) {\n        b();\n    }\n}\n",
  ],
  ["white space inside a line", "a  =  1;\nb\n", "a = 1;\nb", "a = 1;\nc", "a  =  1;\nc\n"],
  ["a no-break space", "a\u00a0= 1;\nb\n", "a = 1;\nb", "a = 1;\nc", "a\u00a0= 1;\nc\n"],
  ["blank lines that hold spaces", "a\n   \nb\n", "a\n\nb", "a\n\nc", "a\n   \nc\n"],
  ["blank lines around search and replacement", "x\na\nb\n", "\n\na\n", "\n\nc\n", "x\nc\nb\n"],
  ["a last line without a line feed", "a\n  b", "a\nb\n", "a\nc\n", "a\n  c"],
  ["removed lines", nested, "a();\nb();\n", "", "class A {\n    f() {\n    }\n}\n"],
  [
    "an added line",
    nested,
    "a();\nb();",
    "a();\nx();\nb();",
    nested.replace("b", "x();\n        b"),
  ],
  ["CRLF in the file", "  a;\r\n  b;\r\n", "a;\nb;", "a;\nc;", "  a;\r\n  c;\r\n"],
  ["a wrapped line", "  a();\n", "a(); ", "if (x) {\n  a();\n}", "  if (x) {\n    a();\n  }\n"],
];

describe("blocks that match but for white space", () => {
  it.each(cases)("tolerate %s", (_, text, search, replace, result) => {
    expect(edited(text, search, replace)).toEqual(["whitespace", result]);
  });

  it("prefer the place that differs in trailing white space only", () => {
    expect(edited("  a;\n  b;\n a; \n b;\n", " a;\n b; ", " a;\n c;")).toEqual([
      "whitespace",
      "  a;\n  b;\n a; \n c;\n",
    ]);
  });

  it("prefer the place that is indented in one piece", () => {
    const text = "  a {\n      b\n  }\n\n    a {\n      b\n    }\n";
    const result = "  a {\n      c\n  }\n\n    a {\n      b\n    }\n";
    expect(edited(text, "a {\n    b\n}", "a {\n    c\n}")).toEqual(["whitespace", result]);
  });

  it("are ambiguous where two places differ alike", () => {
    const [reason, sentence] = edited("  a;\n  b;\nx\n   a;\n   b;\n", "a;\nb;", "c;");
    expect(reason).toBe("ambiguous");
    expect(sentence).toContain("lines 1-2, lines 4-5");
  });

  it("report the lines and leave the similarity at one", () => {
    const outcome = applyBlocks(nested, [{ search: "a();\nb();", replace: "c();" }]);
    const match = { how: "whitespace", startLine: 3, endLine: 4, similarity: 1 };
    expect(outcome).toMatchObject({ matches: [match] });
  });

  it("are found in a file of 200,000 lines that repeats itself", () => {
    const lines: string[] = Array.from({ length: 200_000 }, (_, index) =>
      index % 2 === 0 ? " {" : " }",
    );
    const search = [...lines.slice(0, 1_000), "x", ...lines.slice(0, 1_000)];
    lines.splice(150_000, 0, " x ");
    const replace = search.with(1_000, "y");
    const blocks = [{ search: search.join("\n"), replace: replace.join("\n") }];
    const text = lines.with(150_000, " y").join("\n");
    expect(applyBlocks(lines.join("\n"), blocks)).toMatchObject({ kind: "applied", text });
  });

  it("are found in a file of 200,000 lines that all differ", () => {
    const lines = manyLines(200_000);
    const search = lines.slice(123_456, 123_469).map((line) => line.trim());
    const blocks = [{ search: search.join("\n"), replace: [...search, "done();"].join("\n") }];
    const outcome = applyBlocks(lines.join("\n"), blocks);
    const text = lines.toSpliced(123_469, 0, "  done();").join("\n");
    expect(outcome.kind === "applied" && outcome.text === text).toBe(true);
  });
});
