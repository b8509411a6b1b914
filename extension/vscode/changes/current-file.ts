import { readFile, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import { type FileBytes, sameBytes } from "../../edits/file-bytes.ts";
import { TEXT_FILE_BYTES_MAX } from "../../edits/text-file.ts";

/** Write permission of anybody; without it a file is meant to stay as it is. */
const WRITABLE_BITS = 0o222;

/** A file as it is now: what its unsaved changes make of it, or else what is on disk. */
export type CurrentFile = {
  readonly path: string;
  readonly bytes: FileBytes;
  readonly isReadOnly: boolean;
  /** There where the editor holds the file. */
  readonly document: vscode.TextDocument | undefined;
};

export type ReadCurrentFile =
  | { readonly kind: "read"; readonly file: CurrentFile }
  /** It is there and cannot be read; one sentence says why. */
  | { readonly kind: "refused"; readonly sentence: string };

/** @param path canonical, as `confinePath` gives it. */
export async function readCurrentFile(path: string): Promise<ReadCurrentFile> {
  const document = await openDocument(path);
  const onDisk = await readDisk(path);
  if (onDisk.kind === "refused") return onDisk;
  const { isReadOnly } = onDisk;
  const bytes = document?.isDirty === true ? await bytesOf(document) : onDisk.bytes;
  return { kind: "read", file: { path, bytes, isReadOnly, document } };
}

/** The open document of a file, whichever way to it the user has taken. */
export async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.filter(
    ({ uri, isClosed }) => uri.scheme === "file" && !isClosed,
  );
  const same = open.find(({ uri }) => uri.fsPath === path);
  if (same !== undefined) return same;
  const name = basename(path).toLowerCase();
  for (const document of open) {
    // A link may have any name, but asking the disk about every document would be slow.
    if (basename(document.uri.fsPath).toLowerCase() !== name) continue;
    if ((await canonical(document.uri.fsPath)) === path) return document;
  }
  return undefined;
}

/** What saving a document would write, if nothing else changed it while it is saved. */
export async function bytesOf(document: vscode.TextDocument): Promise<Uint8Array> {
  return await vscode.workspace.encode(document.getText(), { encoding: document.encoding });
}

/** How the editor would show these bytes in a document; undefined where it would not write them back the same. */
export async function textFor(
  document: vscode.TextDocument,
  bytes: Uint8Array,
): Promise<string | undefined> {
  const { encoding, eol } = document;
  const decoded = await vscode.workspace.decode(bytes, { encoding });
  const lineFeed = decoded.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const text = eol === vscode.EndOfLine.LF ? lineFeed : lineFeed.replaceAll("\n", "\r\n");
  return sameBytes(await vscode.workspace.encode(text, { encoding }), bytes) ? text : undefined;
}

type OnDisk =
  | { readonly kind: "read"; readonly bytes: FileBytes; readonly isReadOnly: boolean }
  | { readonly kind: "refused"; readonly sentence: string };

async function readDisk(path: string): Promise<OnDisk> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return refused("it is no ordinary file.");
    if (file.size > TEXT_FILE_BYTES_MAX) return refused("it is too large.");
    const isReadOnly = (file.mode & WRITABLE_BITS) === 0;
    return { kind: "read", bytes: await readFile(path), isReadOnly };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      return { kind: "read", bytes: null, isReadOnly: false };
    if (code === "EACCES" || code === "EPERM") return refused("it may not be read.");
    throw error;
  }
}

async function canonical(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    // It was deleted, or never saved.
    return undefined;
  }
}

function refused(sentence: string): Extract<OnDisk, { kind: "refused" }> {
  return { kind: "refused", sentence };
}
