import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { Commands } from "../names.ts";
import { showError } from "../notices.ts";
import type { ChangesView } from "./changes-view.ts";

const FAILED = "That could not be done with the changes of Kvasir; the log has the details.";

/** Changes are kept with the workspace, outside of its folder, and go with it. */
export function changesFolder({ storageUri, globalStorageUri }: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(storageUri ?? globalStorageUri, "checkpoints").fsPath;
}

/**
 * The commands of review and undo. None of them throws: failures are shown. What they need is loaded
 * with the first of them, or at once where something is left to be reviewed from an earlier window.
 * @param folder where changes are kept
 */
export function registerChanges(
  folder: string,
  view: () => Promise<ChangesView>,
  log: Pick<vscode.LogOutputChannel, "error" | "warn">,
): vscode.Disposable {
  const command = (
    name: keyof typeof Commands,
    run: (view: ChangesView, argument: unknown) => Promise<void>,
  ): vscode.Disposable =>
    vscode.commands.registerCommand(Commands[name], async (argument: unknown) => {
      // The manifest greys them out, but other extensions can run them all the same.
      if (!vscode.workspace.isTrusted) return;
      try {
        await run(await view(), argument);
      } catch (error) {
        log.error(error instanceof Error ? error : String(error));
        await showError(FAILED, ["showLog"]);
      }
    });
  isReviewLeft(folder)
    .then(async (isLeft) => (isLeft ? await view() : undefined))
    .catch((error: unknown) => log.warn(String(error)));
  return vscode.Disposable.from(
    command("reviewChanges", ({ review }) => review.open()),
    command("acceptChange", ({ review }, hunk) => review.decide("accept", hunk)),
    command("rejectChange", ({ review }, hunk) => review.decide("reject", hunk)),
    command("acceptFileChanges", ({ review }, uri) => review.decideFile("accept", uri)),
    command("rejectFileChanges", ({ review }, uri) => review.decideFile("reject", uri)),
    command("acceptAllChanges", ({ review }) => review.decideAll("accept")),
    command("rejectAllChanges", ({ review }) => review.decideAll("reject")),
    command("undoLastTurn", ({ undo }, turnId) => undo.undo(turnId)),
    command("restoreCheckpoint", ({ undo }) => undo.restore()),
  );
}

/** Contents are kept of changes that are pending, and of no others. */
async function isReviewLeft(folder: string): Promise<boolean> {
  try {
    return (await readdir(join(folder, "review", "blobs"))).length > 0;
  } catch {
    // Nothing was ever changed here.
    return false;
  }
}
