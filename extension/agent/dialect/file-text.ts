import { fencedText } from "../../doors/reference-text.ts";
import { lineCount } from "../tools/line-count.ts";
import type { FileLines } from "../ports/agent-window.ts";

/** Names of languages where the end of a file name is not one. */
const LANGUAGES: Readonly<Record<string, string>> = {
  cjs: "javascript",
  cts: "typescript",
  h: "c",
  js: "javascript",
  md: "markdown",
  mjs: "javascript",
  mts: "typescript",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "shellscript",
  ts: "typescript",
  yml: "yaml",
};

/** How lines of a file stand in the result of a call. */
export function fileText({ path, text, startLine, endLine }: FileLines): string {
  const lines = text
    .split("\n")
    .slice(startLine - 1, endLine)
    .join("\n");
  const whole = startLine === 1 && endLine === lineCount(text);
  const title = whole ? path : `${path}, lines ${startLine}–${endLine}`;
  return fencedText(title, lines.toWellFormed(), languageOf(path));
}

function languageOf(path: string): string {
  const end = /\.(\w{1,12})$/u.exec(path)?.[1]?.toLowerCase() ?? "";
  return LANGUAGES[end] ?? end;
}
