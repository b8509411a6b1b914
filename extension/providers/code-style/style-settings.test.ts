import { describe, expect, it } from "vitest";
import { parseEditorConfig } from "./editor-config.ts";
import { FORMATTERS } from "./formatters.ts";
import { sampleStyle } from "./sample-style.ts";

describe("an .editorconfig", () => {
  it.each([
    ["[*]\nindent_style=space\nindent_size=4", { indent: 4 }],
    ["[*]\nindent_style = tab # comment\nend_of_line = CRLF", { indent: "tabs", lineEnds: "crlf" }],
    [
      "[*]\nindent_size = 4\n[*.{ts,js}]\nindent_size = 2\nmax_line_length = 90",
      { indent: 2, lineCharactersMax: 90 },
    ],
    ["[*.py]\nindent_size = 4", {}],
    ["indent_size = 4", {}],
    ["[*]\nindent_size = tab\ntab_width = 8", { indent: 8 }],
    ["[*]\nindent_size = -1\nmax_line_length = off", {}],
    ["[*]\r\nindent_size: 4 ; comment = 2\r\n# indent_size = 8\r\n", { indent: 4 }],
    ["\0\u0001garbage", {}],
    [`[*]\n${`a=${" ".repeat(485)};\u2028\n`.repeat(2_000)}`, {}],
    ["[*a*a*a*a*a*a*a*x]\nindent_size = 4\n".repeat(1_000), {}],
  ])("%.80j says %j", (text, settings) => {
    expect(parseEditorConfig(text, `src/${"a".repeat(250)}.ts`)).toEqual(settings);
  });
});

describe("settings of a formatter", () => {
  const parse = (path: string, text: string): unknown =>
    FORMATTERS.find((formatter) => formatter.path === path)?.parse(text);

  it.each([
    [
      ".prettierrc",
      "singleQuote: true\nsemi: false\ntabWidth: 4\n",
      { quotes: "single", semicolons: false, indent: 4 },
    ],
    [
      ".prettierrc",
      '{"useTabs": true, "trailingComma": "none"}',
      { indent: "tabs", trailingCommas: false },
    ],
    ["package.json", '{"prettier": {"printWidth": 120}}', { lineCharactersMax: 120 }],
    [
      "biome.json",
      '{"formatter": {"indentStyle": "tab"}, "javascript": {"formatter": {"semicolons": "asNeeded"}}}',
      { indent: "tabs", semicolons: false },
    ],
    [
      ".eslintrc.json",
      '{"rules": {"quotes": ["error", "single"], "semi": ["off", "always"], "indent": ["error", 2]}}',
      { quotes: "single", indent: 2 },
    ],
    [
      "pyproject.toml",
      "[tool.black]\nline-length = 88\n[tool.ruff.format]\nquote-style = 'single'\n",
      { lineCharactersMax: 88, quotes: "single" },
    ],
    [
      "rustfmt.toml",
      "hard_tabs = true\nmax_width = 100\n",
      { indent: "tabs", lineCharactersMax: 100 },
    ],
    [
      ".clang-format",
      "IndentWidth: 4\nColumnLimit: 80\nUseTab: Never\n",
      { indent: 4, lineCharactersMax: 80 },
    ],
    [
      "deno.json",
      '{"fmt": {"lineWidth": 90, "semiColons": false}}',
      { lineCharactersMax: 90, semicolons: false },
    ],
    ["biome.json", '"\\"'.repeat(60_000) + "\\", {}],
    ["biome.json", "/* ,,, ".repeat(30_000), {}],
    ["rustfmt.toml", `a =${" ".repeat(100_000)}x`, {}],
    [
      "rustfmt.toml",
      `${`a=${" ".repeat(240)}b${" ".repeat(240)}\u2028x\n`.repeat(500)}max_width = 90 # wide`,
      { lineCharactersMax: 90 },
    ],
    [".prettierrc", "not: [a, b\n\0", {}],
    ["biome.json", "null", {}],
  ])("%s: %.80j says %j", (path, text, settings) => {
    expect(parse(path, text)).toEqual(settings);
  });
});

describe("a sample", () => {
  const repeat = (line: string): string => `${line}\n`.repeat(20);

  it.each([
    ["tabs", "typescript", repeat("\tx();"), { indent: "tabs" }],
    ["four spaces", "python", repeat("if a:\n    b"), { indent: 4 }],
    [
      "single quotes",
      "javascript",
      repeat("const a = 'x'"),
      { quotes: "single", semicolons: false },
    ],
    ["snake case", "rust", repeat("fn do_it() {}"), { functionNames: "snake_case" }],
    ["as many of one as of the other", "javascript", repeat("a('x'); b(\"y\")"), {}],
    ["too little", "javascript", "a('x')\n", {}],
    ["minified code", "javascript", "a('x');".repeat(10_000), {}],
  ])("shows %s", (_, language, text, expected) => {
    expect(sampleStyle([text], language)).toEqual(expected);
  });
});
