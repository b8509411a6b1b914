import { dirname } from "node:path";
import * as vscode from "vscode";
import { Commands } from "../names.ts";
import { readModelPath, writeModelPath } from "../settings.ts";

export function registerModelCommands(): vscode.Disposable {
  return vscode.commands.registerCommand(Commands.selectModelFile, selectModelFile);
}

async function selectModelFile(): Promise<void> {
  const current = readModelPath();
  const chosen = await vscode.window.showOpenDialog({
    title: "Select a GGUF model file",
    openLabel: "Use Model",
    canSelectMany: false,
    filters: { "GGUF models": ["gguf"] },
    ...(current === null ? {} : { defaultUri: vscode.Uri.file(dirname(current)) }),
  });
  const path = chosen?.[0]?.fsPath;
  if (path === undefined) return;
  await writeModelPath(path);
  if (readModelPath() !== path) {
    void vscode.window.showWarningMessage(
      "This workspace has a model file of its own in its settings, which takes precedence.",
    );
  }
}
