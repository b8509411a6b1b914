const MARKS = /[\\`*_{}[\]()#+\-.!~<>|$&]/gu;

/**
 * Plain text for the middle of a line of Markdown: no character of it means anything there. The
 * editor's own way makes spaces unbreakable, so a sentence would not fit a narrow chat.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/gu, " ").replaceAll(MARKS, "\\$&");
}
