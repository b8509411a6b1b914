/** "12,040": the same grouping everywhere, whatever the locale of the machine. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

export function countOf(count: number, singular: string): string {
  return `${formatCount(count)} ${singular}${count === 1 ? "" : "s"}`;
}

/** Rounds down, so that "100%" means every token. */
export function formatShare(share: number): string {
  return `${Math.floor(Math.min(Math.max(share, 0), 1) * 100)}%`;
}

export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Text from a file or a model, as inline code that cannot break out of its line. */
export function inlineCode(text: string): string {
  const plain = text.replaceAll(/\s+/g, " ").trim().replaceAll("`", "'");
  return plain === "" ? "(blank)" : `\`${plain}\``;
}
