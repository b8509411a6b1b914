import * as vscode from "vscode";
import type { LineRange } from "../context/living/file-view.ts";
import type { ShownFile } from "../context/window/show-files.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { Problem } from "../doors/problem-lines.ts";

/** The errors that the editor reports now in files that the window shows. */
export function readProblems({ files }: WindowState): Problem[] {
  const uris = new Set(files.map(({ uri }) => uri));
  return [...uris].flatMap((name) =>
    problemsOf(name, ({ severity }) => severity === vscode.DiagnosticSeverity.Error),
  );
}

/** The errors and warnings that the editor reports now in what is shown of files. */
export function problemsAt(files: readonly ShownFile[]): Problem[] {
  return files.flatMap(({ uri, view: { lines } }) =>
    problemsOf(
      uri,
      ({ severity, range }) =>
        severity <= vscode.DiagnosticSeverity.Warning && (lines === null || meets(range, lines)),
    ),
  );
}

function problemsOf(name: string, tells: (diagnostic: vscode.Diagnostic) => boolean): Problem[] {
  const uri = vscode.Uri.parse(name, true);
  const label = vscode.workspace.asRelativePath(uri);
  return vscode.languages
    .getDiagnostics(uri)
    .filter(tells)
    .map(({ range, message }) => ({ label, line: range.start.line, message }));
}

function meets({ start, end }: vscode.Range, lines: LineRange): boolean {
  return start.line < lines.end && end.line >= lines.start;
}
