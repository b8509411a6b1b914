/** How a file stands in a prompt: its name as a heading line, then its text, fenced. */
export function fencedText(label: string, text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  const end = text.endsWith("\n") ? "" : "\n";
  return `${label}\n${fence}${language}\n${text}${end}${fence}\n`;
}

/** A shorter fence than the longest run of backticks would end inside the text. */
function longestRun(text: string): number {
  if (!text.includes("```")) return 0;
  return Math.max(0, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
}
