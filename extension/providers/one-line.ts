// oxlint-disable-next-line no-control-regex -- they are what is looked for
const TERMINAL_CODES = /\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-_])/gu;

/**
 * Text of strangers on one line: what terminals and editors would hide or turn round is taken out, so
 * that a person who reads it sees what the model sees.
 */
export function oneLine(text: string, charactersMax: number): string {
  const plain = text
    .slice(0, 20 * charactersMax)
    .replaceAll(TERMINAL_CODES, "")
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll(/[\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .trim();
  const characters = Array.from(plain);
  if (characters.length <= charactersMax) return plain;
  return `${characters
    .slice(0, charactersMax - 1)
    .join("")
    .trimEnd()}…`;
}

/** The same between backticks, out of which it cannot break. */
export function quoted(text: string, charactersMax: number): string {
  return `\`${oneLine(text, charactersMax).replaceAll("`", "'")}\``;
}
