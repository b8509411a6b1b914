/**
 * The text in what extensions render with `@vscode/prompt-tsx`: a tree of pieces whose leaves hold
 * text, as JSON. What has another form is shown as it is.
 */
export function promptTsxText(value: unknown): string {
  const texts: string[] = [];
  collect(value, texts);
  return texts.length === 0 ? JSON.stringify(value) : texts.join("");
}

function collect(value: unknown, texts: string[]): void {
  if (Array.isArray(value)) for (const each of value) collect(each, texts);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const { node, children, text, lineBreakBefore } = value as Record<string, unknown>;
  if (typeof text === "string") {
    const breaks = Boolean(lineBreakBefore) && texts.length > 0;
    texts.push(breaks ? `\n${text}` : text);
  }
  collect(node, texts);
  collect(children, texts);
}
