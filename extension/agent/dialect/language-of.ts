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

/** The language of a file by its name, as it stands at a fence in the prompt. */
export function languageOf(path: string): string {
  const end = /\.(\w{1,12})$/u.exec(path)?.[1]?.toLowerCase() ?? "";
  return LANGUAGES[end] ?? end;
}
