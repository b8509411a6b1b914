import { settingLine } from "./setting-line.ts";

/** A value of a settings file by its way there, such as `["tool", "black", "line-length"]`. */
export type Lookup = (...way: readonly string[]) => unknown;

/** Settings are short; what is longer is something else. */
const TEXT_CHARACTERS_MAX = 256 * 1024;
const LINE_CHARACTERS_MAX = 500;

const NOTHING: Lookup = () => undefined;

/** JSON with comments and commas behind the last value, as tools write it. Bad files say nothing. */
export function looseJson(text: string): Lookup {
  if (text.length > TEXT_CHARACTERS_MAX) return NOTHING;
  try {
    return lookupIn(JSON.parse(withoutExtras(text)));
  } catch {
    return NOTHING;
  }
}

/** The flat part of TOML and YAML: one value a line. That is all that styles are written in. */
export function looseLines(text: string): Lookup {
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.slice(0, TEXT_CHARACTERS_MAX).split(/\r?\n/u)) {
    if (line.length > LINE_CHARACTERS_MAX) continue;
    const heading = /^\s*\[+([\w."' -]+)\]+\s*(#.*)?$/u.exec(line)?.[1];
    if (heading !== undefined) section = `${heading.trim()}.`;
    const setting = settingLine(line);
    if (setting === null) continue;
    // A comment begins behind white space, so that it is none in `#123456`.
    const [value = ""] = setting.rest.split(/\s#/u, 1);
    values.set(section + setting.key, value.trim().replace(/^(["'])(.*)\1$/u, "$2"));
  }
  return (...way) => values.get(way.join("."));
}

function lookupIn(root: unknown): Lookup {
  return (...way) =>
    way.reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? (value as Readonly<Record<string, unknown>>)[key]
          : undefined,
      root,
    );
}

/**
 * Strings are passed over whole, so that what looks like a comment in one stays. What is not closed ends
 * with the file: looking for its end again from each quote would take for ever in a hostile one.
 */
function withoutExtras(text: string): string {
  return text
    .replaceAll(
      /("(?:[^"\\]|\\[^])*(?:"|\\?$))|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/gu,
      (_, kept?: string) => kept ?? "",
    )
    .replaceAll(/("(?:[^"\\]|\\[^])*(?:"|\\?$))|,(?=\s*[}\]])/gu, (_, kept?: string) => kept ?? "");
}
