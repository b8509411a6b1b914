import * as vscode from "vscode";
import { Changes } from "./changes/changes.ts";

/** Checkpoints are kept with the workspace, outside of its folder, and go with it. */
export async function openChanges(
  { storageUri, globalStorageUri }: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<Changes> {
  const folder = vscode.Uri.joinPath(storageUri ?? globalStorageUri, "checkpoints");
  const { changes, message } = await Changes.open(folder.fsPath);
  if (message !== undefined) {
    log.warn(message);
    void vscode.window.showWarningMessage(message);
  }
  return changes;
}
