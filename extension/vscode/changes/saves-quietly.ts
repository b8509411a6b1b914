import * as vscode from "vscode";

const TEXT_SETTINGS = ["trimTrailingWhitespace", "insertFinalNewline", "trimFinalNewlines"];

/** Whether saving a document leaves its text alone, as far as the settings say. */
export function savesQuietly(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration("files", document);
  if (TEXT_SETTINGS.some((setting) => files.get<boolean>(setting) === true)) return false;
  const editor = vscode.workspace.getConfiguration("editor", document);
  if (editor.get<boolean>("formatOnSave") === true) return false;
  const actions = editor.get<Readonly<Record<string, unknown>>>("codeActionsOnSave") ?? {};
  return Object.values(actions).every((when) => when === false || when === "never");
}
