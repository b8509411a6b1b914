import { type Lookup, looseJson, looseLines } from "./loose-settings.ts";
import {
  indentOf,
  isNo,
  isYes,
  lineEndsOf,
  lineLengthOf,
  quotesOf,
  semicolonsOf,
  type StyleSettings,
  trailingCommasOf,
} from "./style-settings.ts";

/** A file that lays down a style, for some languages. */
export type Formatter = {
  readonly path: string;
  readonly languages: ReadonlySet<string>;
  readonly parse: (text: string) => StyleSettings;
};

const SCRIPTS = new Set([
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
  "tsx",
  "jsx",
  "vue",
]);
const PYTHON = new Set(["python"]);
const RUST = new Set(["rust"]);
const C = new Set(["c", "cc", "cpp", "cxx", "hpp", "java", "m", "mm"]);

/** Those that stand later say more about the code than those before. */
export const FORMATTERS: readonly Formatter[] = [
  { path: ".eslintrc.json", languages: SCRIPTS, parse: (text) => eslint(looseJson(text)) },
  {
    path: "package.json",
    languages: SCRIPTS,
    parse: (text) => prettier(under(looseJson(text), "prettier")),
  },
  { path: ".prettierrc", languages: SCRIPTS, parse: prettierFile },
  { path: ".prettierrc.json", languages: SCRIPTS, parse: prettierFile },
  { path: ".prettierrc.yaml", languages: SCRIPTS, parse: prettierFile },
  { path: ".prettierrc.yml", languages: SCRIPTS, parse: prettierFile },
  { path: ".oxfmtrc.json", languages: SCRIPTS, parse: prettierFile },
  { path: ".oxfmtrc.jsonc", languages: SCRIPTS, parse: prettierFile },
  { path: "deno.json", languages: SCRIPTS, parse: (text) => deno(looseJson(text)) },
  { path: "biome.json", languages: SCRIPTS, parse: (text) => biome(looseJson(text)) },
  { path: "biome.jsonc", languages: SCRIPTS, parse: (text) => biome(looseJson(text)) },
  { path: "pyproject.toml", languages: PYTHON, parse: (text) => pyproject(looseLines(text)) },
  { path: "ruff.toml", languages: PYTHON, parse: (text) => ruff(looseLines(text)) },
  { path: "rustfmt.toml", languages: RUST, parse: (text) => rustfmt(looseLines(text)) },
  { path: ".rustfmt.toml", languages: RUST, parse: (text) => rustfmt(looseLines(text)) },
  { path: ".clang-format", languages: C, parse: (text) => clangFormat(looseLines(text)) },
];

/** The defaults of Prettier hold wherever it is used. */
function prettierFile(text: string): StyleSettings {
  return prettier(/^\s*[{]/u.test(text) ? looseJson(text) : looseLines(text));
}

function prettier(at: Lookup): StyleSettings {
  const single = at("singleQuote");
  return {
    ...indentOf(at("useTabs"), at("tabWidth")),
    ...lineLengthOf(at("printWidth")),
    ...(isYes(single) ? quotesOf("single") : isNo(single) ? quotesOf("double") : {}),
    ...semicolonsOf(at("semi")),
    ...trailingCommasOf(at("trailingComma")),
    ...lineEndsOf(at("endOfLine")),
  };
}

function deno(at: Lookup): StyleSettings {
  const single = at("fmt", "singleQuote");
  return {
    ...indentOf(at("fmt", "useTabs"), at("fmt", "indentWidth")),
    ...lineLengthOf(at("fmt", "lineWidth")),
    ...(isYes(single) ? quotesOf("single") : {}),
    ...semicolonsOf(at("fmt", "semiColons")),
  };
}

function biome(at: Lookup): StyleSettings {
  return {
    ...indentOf(at("formatter", "indentStyle"), at("formatter", "indentWidth")),
    ...lineLengthOf(at("formatter", "lineWidth")),
    ...lineEndsOf(at("formatter", "lineEnding")),
    ...quotesOf(at("javascript", "formatter", "quoteStyle")),
    ...semicolonsOf(at("javascript", "formatter", "semicolons")),
    ...trailingCommasOf(at("javascript", "formatter", "trailingCommas")),
  };
}

/** Rules stand as `"error"` or as `["error", value]`; what is off lays nothing down. */
function eslint(at: Lookup): StyleSettings {
  const rule = (name: string): unknown => {
    const given = at("rules", name);
    if (!Array.isArray(given) || given[0] === "off" || given[0] === 0) return undefined;
    return given[1];
  };
  return {
    ...indentOf(rule("indent"), rule("indent")),
    ...quotesOf(rule("quotes")),
    ...semicolonsOf(rule("semi")),
    ...lineLengthOf(rule("max-len")),
  };
}

function pyproject(at: Lookup): StyleSettings {
  return {
    ...lineLengthOf(at("tool", "black", "line-length")),
    ...lineLengthOf(at("tool", "ruff", "line-length")),
    ...quotesOf(at("tool", "ruff", "format", "quote-style")),
  };
}

function ruff(at: Lookup): StyleSettings {
  return { ...lineLengthOf(at("line-length")), ...quotesOf(at("format", "quote-style")) };
}

function rustfmt(at: Lookup): StyleSettings {
  return { ...indentOf(at("hard_tabs"), at("tab_spaces")), ...lineLengthOf(at("max_width")) };
}

function clangFormat(at: Lookup): StyleSettings {
  const tabs = at("UseTab");
  return {
    ...indentOf(tabs === "Always" || tabs === "ForIndentation", at("IndentWidth")),
    ...lineLengthOf(at("ColumnLimit")),
  };
}

function under(at: Lookup, first: string): Lookup {
  return (...way) => at(first, ...way);
}
