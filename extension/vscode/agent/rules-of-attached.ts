import * as vscode from "vscode";
import type { NearRules } from "../../agent/rules/near-rules.ts";
import type { AttachedText } from "../../context/window/begin-turn.ts";
import type { ShownFile } from "../../context/window/show-files.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";

/** The rules of the folders whose files a message brings along, where they were not told yet. */
export async function rulesOfAttached(
  files: readonly ShownFile[],
  rules: NearRules,
  workspace: EditorWorkspace,
): Promise<AttachedText[]> {
  const texts: AttachedText[] = [];
  for (const { uri, view } of files) {
    const place = await workspace.locate(vscode.Uri.parse(uri, true).fsPath);
    const text = place.kind === "inside" ? await rules.take(place.relative) : "";
    if (text !== "") texts.push({ label: `rules for ${view.label}`, text });
  }
  return texts;
}
