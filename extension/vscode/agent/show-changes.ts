import type { ChangedFile } from "../changes/changing-turn.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";
import type { TurnView } from "./turn-view.ts";

/** Files that are named one by one. */
const NAMED_MAX = 20;

/** Says at the end of an answer which files it has changed, and offers what can be done about it. */
export function showChanges(
  files: readonly ChangedFile[],
  workspace: EditorWorkspace,
  view: TurnView,
): void {
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
}

const VERBS: Readonly<Record<ChangedFile["kind"], string>> = {
  changed: "Changed",
  created: "Created",
  deleted: "Deleted",
};
