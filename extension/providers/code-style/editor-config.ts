import { globMatcher } from "../../agent/glob-matcher.ts";
import { indentOf, lineEndsOf, lineLengthOf, type StyleSettings } from "./style-settings.ts";

const LINES_MAX = 2_000;
const LINE_CHARACTERS_MAX = 500;
const SECTION_CHARACTERS_MAX = 200;

/** What an `.editorconfig` at the root says about a file. Later sections win, as its format has it. */
export function parseEditorConfig(text: string, path: string): StyleSettings {
  const properties = new Map<string, string>();
  let applies = false;
  for (const line of text.split(/\r?\n/u).slice(0, LINES_MAX)) {
    if (line.length > LINE_CHARACTERS_MAX) continue;
    const section = /^\s*\[(.+)\]\s*$/u.exec(line)?.[1];
    if (section !== undefined) applies = matches(section, path);
    const [, key, value] = /^\s*([\w-]+)\s*[=:]\s*([^#;]*?)\s*([#;].*)?$/u.exec(line) ?? [];
    if (applies && key !== undefined && value !== undefined) {
      properties.set(key.toLowerCase(), value.toLowerCase());
    }
  }
  const size = properties.get("indent_size");
  return {
    ...indentOf(
      properties.get("indent_style"),
      size === "tab" ? properties.get("tab_width") : size,
    ),
    ...lineLengthOf(properties.get("max_line_length")),
    ...lineEndsOf(properties.get("end_of_line")),
  };
}

function matches(section: string, path: string): boolean {
  if (section.length > SECTION_CHARACTERS_MAX) return false;
  if (section === "*") return true;
  return globMatcher(section)(path);
}
