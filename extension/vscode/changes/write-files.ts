import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { type FileBytes, sameBytes } from "../../edits/file-bytes.ts";
import { putFile } from "../../edits/node-put-file.ts";
import { openDocument } from "./current-file.ts";
import type { PlannedFile, Way } from "./edit-way.ts";
import { TypingWatch } from "./typing-watch.ts";

/** What the editor gets to notice that a file on disk is another one. It does so later all the same. */
const RELOAD_MS_MAX = 3_000;

/**
 * Writes planned files in one step of the editor. “stale” where a document has changed since the
 * plan was made, and then nothing is written. Throws where writing fails, with some files written.
 */
export async function writeFiles(planned: readonly PlannedFile[]): Promise<"written" | "stale"> {
  for (const { way } of planned) {
    if (way.kind === "document" && way.document.version !== way.version) return "stale";
  }
  const edit = workspaceEditOf(planned);
  if (edit.size > 0 && !(await vscode.workspace.applyEdit(edit))) return "stale";
  for (const { path, after, way } of planned) {
    switch (way.kind) {
      case "document":
        if (way.saves) await save(way, path, after);
        break;
      case "create":
      case "delete":
        await settle(path, after);
        break;
      case "disk":
        await write(path, after);
        break;
      case "nothing":
        break;
    }
  }
  return "written";
}

function workspaceEditOf(planned: readonly PlannedFile[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { path, after, way } of planned) {
    const uri = vscode.Uri.file(path);
    if (way.kind === "create") edit.createFile(uri, { contents: after ?? new Uint8Array() });
    if (way.kind === "delete") edit.deleteFile(uri);
    if (way.kind === "document") edit.set(way.document.uri, [...way.edits]);
  }
  return edit;
}

/** Saving may take seconds, in which others can change the document as well. */
async function save(
  { document, text }: Extract<Way, { kind: "document" }>,
  path: string,
  wanted: FileBytes,
): Promise<void> {
  const watch = new TypingWatch(document, text);
  try {
    await document.save();
    await settle(path, wanted, () => watch.hasTyping);
  } finally {
    watch.dispose();
  }
}

/**
 * Whatever the editor has made of it on the way, the file holds in the end what was asked for, unless
 * somebody has typed into it meanwhile.
 */
async function settle(
  path: string,
  wanted: FileBytes,
  hasTyping: () => boolean = () => false,
): Promise<void> {
  if (sameBytes(await onDisk(path), wanted) || hasTyping()) return;
  await write(path, wanted);
}

/** Writes past the editor, and lets it show the new text before anybody looks at it. */
async function write(path: string, bytes: FileBytes): Promise<void> {
  const document = await openDocument(path);
  const { version } = document ?? {};
  await putFile(path, bytes);
  if (document === undefined) return;
  await new Promise<void>((resolve) => {
    const events: vscode.Disposable[] = [];
    const done = (): void => {
      clearTimeout(timer);
      for (const event of events) event.dispose();
      resolve();
    };
    const timer = setTimeout(done, RELOAD_MS_MAX);
    const isReloaded = (): boolean => document.version !== version || document.isClosed;
    events.push(
      vscode.workspace.onDidChangeTextDocument(() => (isReloaded() ? done() : undefined)),
      vscode.workspace.onDidCloseTextDocument(() => (isReloaded() ? done() : undefined)),
    );
    if (isReloaded()) done();
  });
}

async function onDisk(path: string): Promise<FileBytes> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
