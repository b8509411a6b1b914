import * as vscode from "vscode";
import type { GitChange, GitFile, GitState } from "../../providers/git-status/git-state.ts";

/** The parts that are used of what the editor's Git extension exports. */
type GitExtension = { readonly enabled: boolean; getAPI(version: 1): GitApi };
type GitApi = { getRepository(uri: vscode.Uri): Repository | null };
type Repository = {
  readonly state: {
    readonly HEAD: Head | undefined;
    readonly mergeChanges: readonly Change[];
    readonly indexChanges: readonly Change[];
    readonly workingTreeChanges: readonly Change[];
    readonly untrackedChanges?: readonly Change[];
  };
};
type Head = {
  readonly name?: string;
  readonly upstream?: { readonly remote: string; readonly name: string };
  readonly ahead?: number;
  readonly behind?: number;
};
type Change = { readonly uri: vscode.Uri; readonly status: number };

/** Its numbers for what has happened to a file; all others are changes. */
const CHANGES: Readonly<Record<number, GitChange>> = {
  1: "added",
  2: "deleted",
  3: "renamed",
  6: "deleted",
  7: "untracked",
  9: "added",
  10: "renamed",
};
const FILES_MAX = 500;

/**
 * What the editor knows of a folder's repository. It is not asked to look again, and its extension is not started
 * for this; where Git is not in use there is nothing to tell.
 */
export function readEditorGit(folder: vscode.Uri): GitState | null {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (extension?.isActive !== true || !extension.exports.enabled) return null;
  const repository = extension.exports.getAPI(1).getRepository(folder);
  if (repository === null) return null;
  const { state } = repository;
  const { HEAD: head, indexChanges, workingTreeChanges, untrackedChanges = [] } = state;
  const files = new Map<string, GitFile>();
  const add = (uri: vscode.Uri, change: GitChange): void => {
    const path = vscode.workspace.asRelativePath(uri);
    if (files.size < FILES_MAX && !files.has(path)) files.set(path, { path, change });
  };
  for (const { uri } of state.mergeChanges) add(uri, "in conflict");
  for (const { uri, status } of [...indexChanges, ...workingTreeChanges, ...untrackedChanges]) {
    if (vscode.workspace.getWorkspaceFolder(uri) !== undefined)
      add(uri, CHANGES[status] ?? "modified");
  }
  const upstream = head?.upstream;
  return {
    branch: head?.name ?? null,
    upstream: upstream === undefined ? null : `${upstream.remote}/${upstream.name}`,
    ahead: head?.ahead ?? 0,
    behind: head?.behind ?? 0,
    files: [...files.values()],
  };
}
