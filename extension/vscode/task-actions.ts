import * as vscode from "vscode";
import type { Task } from "../agent/dialect/task-message.ts";
import { Commands } from "./names.ts";

/** Enough for a model without tools to see what a problem is about. */
const LINES_AROUND = 10;

const TITLES = {
  fix: "Fix with Kvasir",
  explain: "Explain with Kvasir",
} as const satisfies Partial<Record<Task, string>>;

/** Offers a problem of the editor to the agent. Nothing is computed before one is chosen. */
class TaskActions implements vscode.CodeActionProvider {
  provideCodeActions(
    { uri }: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const [worst] = diagnostics.toSorted((a, b) => a.severity - b.severity);
    if (worst === undefined) return [];
    return (["fix", "explain"] as const).map((task) => {
      const action = new vscode.CodeAction(TITLES[task], vscode.CodeActionKind.QuickFix);
      action.diagnostics = [worst];
      const given = [task, uri, worst.range.start.line, worst.message];
      action.command = { command: Commands.askAboutProblem, title: TITLES[task], arguments: given };
      return action;
    });
  }
}

export function registerTaskActions(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider("*", new TaskActions(), {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

/** Whole lines around one, as far as the document goes. */
export async function linesAround(uri: vscode.Uri, line: number): Promise<vscode.Range> {
  const document = await vscode.workspace.openTextDocument(uri);
  const first = Math.max(0, line - LINES_AROUND);
  const last = Math.min(document.lineCount - 1, line + LINES_AROUND);
  return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
}
