import { describe, expect, it } from "vitest";
import { applyBlocks } from "./apply-blocks.ts";
import { edited, manyLines } from "./edit-cases.test-support.ts";
import { FUZZY_SIMILARITY_MIN } from "./fuzzy-match.ts";

const file = `export function total(items: Item[]): number {
  // In cents.
  let sum = 0;
  for (const item of items) {
    sum += item.price * item.count;
  }
  return sum;
}

export function names(items: Item[]): string[] {
  return items.map((item) => item.name);
}
`;

type Case = readonly [name: string, text: string, search: string, replace: string, result: string];

const cases: readonly Case[] = [
  [
    "a misspelt word",
    file,
    "  return items.map((itm) => item.name);",
    "  return items.map((item) => item.title);",
    file.replace("item.name", "item.title"),
  ],
  [
    "a misspelt neighbour, which stays as it is in the file",
    file,
    "  let sum = O;\n  for (const item of items) {\n    sum += item.price * item.count;",
    "  let sum = O;\n  for (const item of items) {\n    sum += item.price;",
    file.replace(" * item.count", ""),
  ],
  [
    "a line that the search leaves out, which stays",
    file,
    "export function total(items: Item[]): number {\n  let sum = 0;\n  for (const item of items) {\n    sum += item.price * item.count;\n  }\n  return sum;",
    "export function total(items: Item[]): number {\n  let sum = 0;\n  for (const item of items) {\n    sum += item.price * item.count;\n  }\n  return round(sum);",
    file.replace("return sum", "return round(sum)"),
  ],
  [
    "a blank line that the file does not have",
    file,
    "  for (const item of items) {\n\n    sum += item.price * item.count;\n  }",
    "  for (const item of items) {\n\n    sum += item.price;\n  }",
    file.replace(" * item.count", ""),
  ],
  [
    "another indentation and a misspelling at once",
    file,
    "for (const item in items) {\n  sum += item.price * item.count;\n}",
    "for (const item in items) {\n  count++;\n  sum += item.price * item.count;\n}",
    file.replace("    sum +=", "    count++;\n    sum +="),
  ],
  [
    "composed for decomposed characters",
    "cafe\u0301\nx\n",
    "café\nx",
    "café\ny",
    "cafe\u0301\ny\n",
  ],
  [
    "plain for typographic quotes",
    "say(“hello there”);\nnext();\n",
    'say("hello there");\nnext();',
    'say("hello there");\nstop();',
    "say(“hello there”);\nstop();\n",
  ],
  [
    "CRLF in the file",
    file.replaceAll("\n", "\r\n"),
    "  return items.map((itm) => item.name);",
    "  return [];",
    file.replace("items.map((item) => item.name)", "[]").replaceAll("\n", "\r\n"),
  ],
];

describe("blocks that match nearly", () => {
  it.each(cases)("tolerate %s", (_, text, search, replace, result) => {
    expect(edited(text, search, replace)).toEqual(["fuzzy", result]);
  });

  it("report how much alike the lines are", () => {
    const search = "  return items.map((itm) => item.name);";
    const outcome = applyBlocks(file, [{ search, replace: "" }]);
    const [match] = outcome.kind === "applied" ? outcome.matches : [];
    expect(match).toMatchObject({ how: "fuzzy", startLine: 11, endLine: 11 });
    expect(match!.similarity).toBeGreaterThan(FUZZY_SIMILARITY_MIN);
    expect(match!.similarity).toBeLessThan(1);
  });

  it("show the nearest lines when those are not alike enough", () => {
    const [reason, sentence] = edited(file, "  return items.filter((i) => i.name === x);", "x");
    expect(reason).toBe("missing");
    expect(sentence).toMatch(
      /the nearest are line 11 \(\d\d% alike\), which read:\n11\| {3}return/,
    );
  });

  it.each([
    ["side by side", "handle(request, 1);\nhandle(request, 2);\n"],
    ["apart", "handle(request, 1);\nother\nother\nother\nhandle(request, 2);\n"],
  ])("are ambiguous where two lines %s are nearly as much alike", (_, text) => {
    expect(edited(text, "handle(request, 3);", "x")[0]).toBe("ambiguous");
  });

  it("are ambiguous where two runs of lines are nearly as much alike", () => {
    const run = (name: string) =>
      `function ${name}() {\n  prepare(context);\n  start(context);\n}\n`;
    const [reason, sentence] = edited(run("aa") + run("bb"), run("cc"), "x");
    expect(reason).toBe("ambiguous");
    expect(sentence).toContain("lines 1-4, lines 5-8");
  });

  it("never take one short value for another", () => {
    expect(edited("retries = 5\n", "retries = 3", "retries = 4")[0]).toBe("missing");
  });

  it("never remove a line that the search does not know", () => {
    const known = [
      "startTheEngine(now, again);",
      "waitForTheEngine(now, again);",
      "report(engine);",
    ];
    const text = `${known.toSpliced(1, 0, "keep();").join("\n")}\n`;
    const changed = `${known.slice(0, 2).join("\n")}\nrun();`;
    expect(edited(text, known.join("\n"), changed)[1]).toBe(
      text.replace("report(engine)", "run()"),
    );
    expect(edited(text, known.join("\n"), "run();")[0]).toBe("missing");
  });

  it("are ambiguous where the best place is better by a little only", () => {
    const call = (mark: string) => `handle(request, response, context, "${mark}");`;
    const [reason, sentence] = edited(`${call("1")}\n${call("two")}\n`, call("2"), "x");
    expect(reason).toBe("ambiguous");
    expect(sentence).toContain("line 1, line 2");
  });

  it("are found among many lines that share more with the search", () => {
    const decoy = "handle(request, response, request, response);\n";
    const text = `${decoy.repeat(100)}zebra(request, response);\n${decoy.repeat(100)}`;
    const result = text.replace("zebra(request, response)", "yak()");
    expect(edited(text, "zebr(request, response);", "yak();")).toEqual(["fuzzy", result]);
  });

  it("are found by a short line that is rare", () => {
    const common = "  return this.handler.process(request, response);\n";
    const text = `${common.repeat(200)}zebra(now);\n${common.repeat(202)}`;
    const wrong = common.replace("return", "retrun");
    const result = text.replace("zebra(now)", "yak()");
    const search = `zebra(now);\n${wrong}${wrong}`;
    expect(edited(text, search, search.replace("zebra(now)", "yak()"))).toEqual(["fuzzy", result]);
  });

  it("are not looked for in lines of many characters that differ everywhere", () => {
    const long = Array.from({ length: 20_000 }, (_, index) => (index * 7_919) % 1_000).join(",");
    const other = Array.from({ length: 20_000 }, (_, index) => (index * 104_729) % 999).join(",");
    expect(edited(`a\n${long}\nb\n`, other, "x")[0]).toBe("missing");
  });

  it("are found in a file of 200,000 lines", () => {
    const lines = manyLines(200_000);
    const search = lines.slice(150_001, 150_021).map((line) => line.replace("compute", "compte"));
    const replace = search.with(7, "  changed();");
    const blocks = [{ search: search.join("\n"), replace: replace.join("\n") }];
    const outcome = applyBlocks(lines.join("\n"), blocks);
    const text = lines.with(150_008, "  changed();").join("\n");
    expect(outcome).toMatchObject({
      kind: "applied",
      matches: [{ how: "fuzzy", startLine: 150_002 }],
    });
    expect(outcome.kind === "applied" && outcome.text === text).toBe(true);
  });

  it("are found in 200,000 lines by a single misspelt one", () => {
    const lines = manyLines(200_000);
    const search = lines[177_777]!.replace("const", "cnst");
    const outcome = applyBlocks(lines.join("\n"), [{ search, replace: "  changed();" }]);
    expect(outcome).toMatchObject({ matches: [{ how: "fuzzy", startLine: 177_778 }] });
  });
});
