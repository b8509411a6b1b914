import * as vscode from "vscode";
import { Changes } from "./changes/changes.ts";
import { ChangesView } from "./changes/changes-view.ts";

/** The changes that are kept in a folder, and what the editor shows of them. */
export async function openChanges(
  folder: string,
  log: vscode.LogOutputChannel,
): Promise<ChangesView> {
  const { changes, message } = await Changes.open(folder);
  if (message !== undefined) {
    log.warn(message);
    void vscode.window.showWarningMessage(message);
  }
  return new ChangesView(changes);
}
