import type { FileBytes } from "./file-bytes.ts";
import { lineChanges } from "./line-changes.ts";
import { decodeTextFile } from "./text-file.ts";

/** Lines of a change; both zero where it is not to text. */
export type ChangeCount = { readonly addedLines: number; readonly removedLines: number };

export function countChange(before: FileBytes, after: FileBytes): ChangeCount {
  let [addedLines, removedLines] = [0, 0];
  for (const { beforeLines, afterLines } of lineChanges(textOf(before), textOf(after))) {
    removedLines += beforeLines.length;
    addedLines += afterLines.length;
  }
  return { addedLines, removedLines };
}

function textOf(bytes: FileBytes): string {
  const decoded = bytes === null ? undefined : decodeTextFile(bytes);
  return decoded?.kind === "text" ? decoded.file.text : "";
}
