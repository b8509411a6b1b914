import * as vscode from "vscode";
import type { WindowState } from "../context/window/window-state.ts";
import type { Problem } from "../doors/problem-lines.ts";

/** The errors that the editor reports now in files that the window shows. */
export function readProblems({ files }: WindowState): Problem[] {
  const uris = new Set(files.map(({ uri }) => uri));
  return [...uris].flatMap((name) => {
    const uri = vscode.Uri.parse(name, true);
    const label = vscode.workspace.asRelativePath(uri);
    return vscode.languages
      .getDiagnostics(uri)
      .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
      .map(({ range, message }) => ({ label, line: range.start.line, message }));
  });
}
