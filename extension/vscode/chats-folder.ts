import * as vscode from "vscode";

/** Chats are kept with the workspace, or with the user where no folder is open. */
export function chatsFolder({ storageUri, globalStorageUri }: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(storageUri ?? globalStorageUri, "chats").fsPath;
}
