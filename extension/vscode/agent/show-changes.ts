import type * as vscode from "vscode";
import type { ChangedFile } from "../changes/changing-turn.ts";
import { Commands } from "../names.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";
import type { TurnView } from "./turn-view.ts";

/** Files that are named one by one. */
const NAMED_MAX = 20;

export type Changed = {
  readonly turnId: string;
  readonly files: readonly ChangedFile[];
  readonly workspace: EditorWorkspace;
};

/** Says at the end of an answer which files it has changed, and offers what can be done about it. */
export function showChanges(
  { turnId, files, workspace }: Changed,
  view: TurnView,
  stream: vscode.ChatResponseStream,
): void {
  if (files.length === 0) return;
  for (const { path, kind, addedLines, removedLines } of files.slice(0, NAMED_MAX)) {
    const before = `${VERBS[kind]} `;
    const after = `  +${addedLines} −${removedLines}`;
    view.show({ kind: "step", mark: "changed", before, path: workspace.nameOf(path), after });
  }
  const more = files.length - NAMED_MAX;
  if (more > 0) {
    const before = `and ${more} more`;
    view.show({ kind: "step", mark: "changed", before, path: null, after: "" });
  }
  stream.button({ command: Commands.reviewChanges, title: "Review Changes" });
  stream.button({ command: Commands.undoLastTurn, title: "Undo This Turn", arguments: [turnId] });
}

const VERBS: Readonly<Record<ChangedFile["kind"], string>> = {
  changed: "Changed",
  created: "Created",
  deleted: "Deleted",
};
