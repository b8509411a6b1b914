import * as vscode from "vscode";

const SECTION = "kvasir.agent";
const NAME = "editorTools";

/**
 * Names of the tools that the user has switched on. Only the user's own settings count: a folder
 * could otherwise switch on whatever it has use for.
 */
export function readEditorTools(): readonly string[] {
  const values = vscode.workspace.getConfiguration(SECTION).inspect<unknown>(NAME)?.globalValue;
  return Array.isArray(values) ? values.filter((name) => typeof name === "string") : [];
}

export async function writeEditorTools(names: readonly string[]): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  await settings.update(NAME, [...names], vscode.ConfigurationTarget.Global);
}
