import { realpath } from "node:fs/promises";
import * as vscode from "vscode";

/** The texts to compare files with; each has the path of its file. */
export const ORIGINAL_SCHEME = "kvasir-original";

export function originalUri(path: string, query = ""): vscode.Uri {
  return vscode.Uri.file(path).with({ scheme: ORIGINAL_SCHEME, query });
}

/** The canonical path of the file that a document shows, or that it is the original of. */
export async function pathOf(uri: vscode.Uri): Promise<string | null> {
  if (uri.scheme !== "file" && uri.scheme !== ORIGINAL_SCHEME) return null;
  const { fsPath } = uri.with({ scheme: "file" });
  try {
    return await realpath(fsPath);
  } catch {
    // It was deleted, perhaps by the very turn that is looked at.
    return fsPath;
  }
}

/** A few paths in a sentence. */
export function namesOf(paths: readonly string[], shownMax = 3): string {
  const names = paths.slice(0, shownMax).map((path) => vscode.workspace.asRelativePath(path));
  const more = paths.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

export function countedFiles(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}
