import { homedir } from "node:os";
import { posix } from "node:path";
import * as vscode from "vscode";
import { exportSession } from "../sessions/export-session.ts";
import { type Imported, importSession } from "../sessions/import-session.ts";
import { markdownSession } from "../sessions/markdown-session.ts";
import type { PrivatePath } from "../sessions/private-paths.ts";
import { labelOf } from "../window/session-store.ts";
import type { SavedSession } from "../window/stored-session.ts";
import { today } from "../window/today.ts";

const FILE_BYTES_MAX = 32 * 1024 * 1024;
const NAME_CHARACTERS_MAX = 60;

const FORMS = [
  {
    label: "Markdown",
    detail: "To read: what was asked, done and answered.",
    ending: "md",
    write: markdownSession,
  },
  {
    label: "JSONL",
    detail: "To import, or to play again with “kvasir replay”.",
    ending: "jsonl",
    write: exportSession,
  },
] as const;

/** Asks in which form and where to, and writes the file. `null` if the user does not go on. */
export async function exportToFile(session: SavedSession): Promise<vscode.Uri | null> {
  const form = await vscode.window.showQuickPick(FORMS, { title: "Export as" });
  if (form === undefined) return null;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const uri = await vscode.window.showSaveDialog({
    title: "Export the session",
    defaultUri: vscode.Uri.joinPath(folder, `${fileNameOf(session)}.${form.ending}`),
    filters: { [form.label]: [form.ending] },
  });
  if (uri === undefined) return null;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(form.write(session, paths())));
  return uri;
}

/** Asks for a recording and reads it. `null` if the user does not go on. */
export async function importFromFile(): Promise<Imported | null> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Import a recording",
    openLabel: "Import",
    canSelectMany: false,
    filters: { Recordings: ["jsonl"] },
  });
  const uri = chosen?.[0];
  if (uri === undefined) return null;
  const name = posix.basename(uri.path);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > FILE_BYTES_MAX) {
    const sentence = `${name} is larger than ${FILE_BYTES_MAX / 1024 / 1024} MB.`;
    return { kind: "refused", sentence };
  }
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  return importSession(name, text, { newId: () => crypto.randomUUID(), today: today() });
}

function fileNameOf(session: SavedSession): string {
  const words = labelOf(session).match(/[\p{L}\p{N}]+/gu) ?? ["session"];
  return words.join("-").slice(0, NAME_CHARACTERS_MAX).toWellFormed();
}

/** What says where this machine keeps its files. */
function paths(): PrivatePath[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [
    ...folders.map(({ uri, name }) => ({ path: uri.fsPath, shownAs: name })),
    { path: homedir(), shownAs: "~" },
  ];
}
