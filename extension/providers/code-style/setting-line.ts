export type SettingLine = {
  readonly key: string;
  /** Comments and white space included. */
  readonly rest: string;
};

/**
 * The two sides of `key = value` or `key: value`; `null` for a line that is something else. The line is split at a
 * character rather than described as a whole, which takes for ever where somebody has filled it with spaces.
 */
export function settingLine(line: string): SettingLine | null {
  const at = line.search(/[=:#;]/u);
  if (at < 0 || line[at] === "#" || line[at] === ";") return null;
  const key = line.slice(0, at).trimEnd();
  return /^[\w-]+$/u.test(key) ? { key, rest: line.slice(at + 1) } : null;
}
