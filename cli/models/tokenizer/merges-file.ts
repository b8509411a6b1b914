import { readFileSync } from "node:fs";

// A merge may itself begin with "#", so the comment ends at the first empty line and not at the
// first line without "#".
const separator = "\n\n";

/** Writes a merges file: comment lines, one empty line, then one merge on each line. */
export function formatMergesFile(comments: readonly string[], merges: readonly string[]): string {
  const header = comments.map((comment) => `# ${comment}`).join("\n");
  return `${header}${separator}${merges.join("\n")}\n`;
}

/** Reads the merges of a merges file, in order. */
export function parseMergesFile(text: string): string[] {
  const normalised = text.replaceAll("\r\n", "\n");
  const bodyStart = normalised.indexOf(separator);
  if (bodyStart < 0) {
    throw new Error("The merges file has no empty line between its comment and its merges.");
  }
  const body = normalised.slice(bodyStart + separator.length);
  return body.split("\n").filter((line) => line !== "");
}

/** Loads the merges kept beside this file. */
export function loadMerges(): string[] {
  return parseMergesFile(readFileSync(new URL("./merges.txt", import.meta.url), "utf8"));
}
