import * as vscode from "vscode";
import { readEditorTools, writeEditorTools } from "../agent/editor-tools-setting.ts";
import { Commands } from "../names.ts";

const NOT_THERE = "Not available now: its extension or server does not run.";

export function registerToolCommands(): vscode.Disposable {
  return vscode.commands.registerCommand(Commands.chooseTools, chooseTools);
}

/** Has the user switch tools on and off, those too that are not there at the moment. */
async function chooseTools(): Promise<void> {
  const chosen = new Set(readEditorTools());
  const known = new Set(vscode.lm.tools.map(({ name }) => name));
  const gone = [...chosen].filter((name) => !known.has(name));
  const items = [
    ...vscode.lm.tools.map(({ name, description }) => ({ label: name, detail: description })),
    ...gone.map((name) => ({ label: name, detail: NOT_THERE })),
  ]
    .toSorted((a, b) => (a.label < b.label ? -1 : 1))
    .map((item) => ({ ...item, picked: chosen.has(item.label) }));
  if (items.length === 0) {
    const sentence = "No other extension and no MCP server offers a tool at the moment.";
    void vscode.window.showInformationMessage(sentence);
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: "Tools that the model is offered besides its own",
    placeHolder: "Each takes room in every prompt, and is asked about before it is used",
    canPickMany: true,
    matchOnDetail: true,
  });
  if (picked !== undefined) await writeEditorTools(picked.map(({ label }) => label));
}
