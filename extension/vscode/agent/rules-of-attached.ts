import * as vscode from "vscode";
import type { NearRules } from "../../agent/rules/near-rules.ts";
import type { AttachedText } from "../../context/window/begin-turn.ts";
import type { ShownFile } from "../../context/window/show-files.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";

export type RulesOfAttached = {
  readonly texts: readonly AttachedText[];
  /** What did not fit, in sentences for the user. */
  readonly leftOut: readonly string[];
};

/** The rules of the folders whose files a message brings along, where they were not told yet. */
export async function rulesOfAttached(
  files: readonly ShownFile[],
  rules: NearRules,
  workspace: EditorWorkspace,
): Promise<RulesOfAttached> {
  const texts: AttachedText[] = [];
  const leftOut: string[] = [];
  for (const { uri, view } of files) {
    const place = await workspace.locate(vscode.Uri.parse(uri, true).fsPath);
    if (place.kind !== "inside") continue;
    const told = await rules.take(place.relative);
    if (told.text !== "") texts.push({ label: `rules for ${view.label}`, text: told.text });
    leftOut.push(...told.leftOut);
  }
  return { texts, leftOut };
}
