import { globMatcher } from "../../agent/glob-matcher.ts";
import { settingLine } from "./setting-line.ts";
import { indentOf, lineEndsOf, lineLengthOf, type StyleSettings } from "./style-settings.ts";

const LINES_MAX = 2_000;
const LINE_CHARACTERS_MAX = 500;
const SECTION_CHARACTERS_MAX = 200;
/** Later ones are passed over: each is a glob that has to be read. */
const SECTIONS_MAX = 100;

/** What an `.editorconfig` at the root says about a file. Later sections win, as its format has it. */
export function parseEditorConfig(text: string, path: string): StyleSettings {
  const properties = new Map<string, string>();
  let applies = false;
  let sections = 0;
  for (const given of text.split("\n", LINES_MAX)) {
    if (given.length > LINE_CHARACTERS_MAX) continue;
    const line = given.trim();
    if (line.startsWith("[") && line.endsWith("]")) {
      applies = ++sections <= SECTIONS_MAX && matches(line.slice(1, -1), path);
    }
    const setting = settingLine(line);
    if (!applies || setting === null) continue;
    const value = setting.rest.split(/[#;]/u, 1)[0]!.trim();
    properties.set(setting.key.toLowerCase(), value.toLowerCase());
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
  const glob = globMatcher(section);
  return glob.kind === "matcher" && glob.matches(path);
}
