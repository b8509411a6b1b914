const TITLE_CHARACTERS_MAX = 80;

/** What a session is called after: the first line of a text, shortened. Empty when there is none. */
export function titleFrom(text: string): string {
  const [first = ""] = text.trim().split("\n");
  const line = first.replaceAll(/\s+/gu, " ").trim();
  if (line.length <= TITLE_CHARACTERS_MAX) return line.toWellFormed();
  return `${line.slice(0, TITLE_CHARACTERS_MAX - 1).toWellFormed()}…`;
}
