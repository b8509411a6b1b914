import * as vscode from "vscode";
import type { GuidanceText } from "../context/window/open-window.ts";

/** What people write for agents, looked for in every folder of the workspace. */
const PATHS = ["AGENTS.md", ".github/copilot-instructions.md"];

/** It stands in every prompt, so a longer file costs more than it helps. */
const FILE_BYTES_MAX = 32 * 1024;
const FILES_MAX = 8;

export type ReadGuidance = {
  readonly guidance: readonly GuidanceText[];
  /** One sentence for everything that was left out. */
  readonly refusals: readonly string[];
};

/** The workspace's own words to the model. One that is not trusted has none. */
export async function readGuidance(): Promise<ReadGuidance> {
  if (!vscode.workspace.isTrusted) return { guidance: [], refusals: [] };
  const folders = vscode.workspace.workspaceFolders ?? [];
  const uris = folders.flatMap(({ uri }) => PATHS.map((path) => vscode.Uri.joinPath(uri, path)));
  const outcomes = await Promise.all(uris.slice(0, FILES_MAX).map((uri) => read(uri)));
  return {
    guidance: outcomes.flatMap((outcome) =>
      outcome !== null && "text" in outcome ? [outcome] : [],
    ),
    refusals: outcomes.flatMap((outcome) =>
      outcome !== null && "refusal" in outcome ? [outcome.refusal] : [],
    ),
  };
}

async function read(uri: vscode.Uri): Promise<GuidanceText | { readonly refusal: string } | null> {
  const label = vscode.workspace.asRelativePath(uri);
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch {
    // Most workspaces have none.
    return null;
  }
  if (bytes.length > FILE_BYTES_MAX) {
    return { refusal: `“${label}” was left out: it is larger than ${FILE_BYTES_MAX / 1024} kB.` };
  }
  const text = new TextDecoder().decode(bytes).trim();
  return text === "" ? null : { label, text };
}
