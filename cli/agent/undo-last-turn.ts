import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { NodeEdits } from "../../extension/agent/node/node-edits.ts";
import { NodeWorkspace } from "../../extension/agent/node/node-workspace.ts";
import type { FileEdit } from "../../extension/agent/ports/edits.ts";
import { Checkpoints, type UndoConflict } from "../../extension/edits/checkpoints.ts";
import { nodeCheckpointStore } from "../../extension/edits/node-checkpoint-store.ts";
import type { FileBytes } from "../../extension/edits/file-bytes.ts";
import { TURN_ID } from "./kept-turn.ts";
import type { TurnFolders } from "./turn-folders.ts";

export type Undone =
  | {
      readonly kind: "undone";
      readonly startedMs: number;
      /** Files that are as before the turn, but for what others changed in them since. */
      readonly files: readonly UndoneFile[];
      readonly conflicts: readonly LeftFile[];
    }
  /** Nothing was changed; one sentence says why. */
  | { readonly kind: "refused"; readonly sentence: string };

export type UndoneFile = {
  readonly path: string;
  readonly did: "restored" | "merged" | "removed";
};

export type LeftFile = {
  readonly path: string;
  readonly sentence: string;
  /** Where its content from before the turn is now; `null` where there was none, or it is lost. */
  readonly before: string | null;
};

/** Takes the latest turn back in a workspace, all files that can be or none. */
export async function undoLastTurn(root: string, folders: TurnFolders): Promise<Undone> {
  const turn = await folders.latest();
  if (turn === null) return refused("There is no turn to take back in this folder.");
  if (turn.running) return refused("An agent is at work in this folder; wait for it or stop it.");
  const workspace = new NodeWorkspace(root);
  const { checkpoints, message } = await Checkpoints.open(nodeCheckpointStore(turn.folder));
  if (message !== undefined) {
    // Otherwise it would stand before all earlier turns for good.
    await folders.markUndone(turn.folder);
    return refused(message);
  }
  const present = new Map<string, FileBytes>();
  const outcome = await checkpoints.undo(TURN_ID, async (path) => {
    const read = await workspace.read(path);
    const bytes = read.kind === "bytes" ? read.bytes : null;
    present.set(path, bytes);
    return bytes;
  });
  if (outcome.kind === "refused") {
    await folders.markUndone(turn.folder);
    return refused(outcome.sentence);
  }
  const edits: FileEdit[] = [];
  const conflicts: UndoConflict[] = [...outcome.conflicts];
  for (const [path, after] of outcome.writes) {
    // A link that has been made since must not lead the undo anywhere else.
    const place = await workspace.locate(path);
    const before = present.get(path) ?? null;
    if (place.kind === "inside" && place.path === path) edits.push({ path, before, after });
    else conflicts.push({ path, sentence: "The path leads elsewhere now.", before: after });
  }
  const end = await new NodeEdits(workspace).apply(edits);
  if (end.kind === "refused") return refused(`Nothing was taken back: ${end.sentence}`);
  const folder = await folders.markUndone(turn.folder);
  return {
    kind: "undone",
    startedMs: turn.startedMs,
    files: edits.map(({ path, after }) => ({
      path: relative(root, path),
      did: after === null ? "removed" : outcome.merged.includes(path) ? "merged" : "restored",
    })),
    conflicts: await Promise.all(conflicts.map((conflict) => left(conflict, root, folder))),
  };
}

/** What a conflict keeps from being restored is put where a person can take it from. */
async function left(conflict: UndoConflict, root: string, folder: string): Promise<LeftFile> {
  const { path, sentence, before } = conflict;
  const name = relative(root, path);
  if (before == null) return { path: name, sentence, before: null };
  const place = join(folder, "before", name);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, before);
  return { path: name, sentence, before: place };
}

function refused(sentence: string): Undone {
  return { kind: "refused", sentence };
}
