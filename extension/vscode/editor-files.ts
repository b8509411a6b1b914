import * as vscode from "vscode";
import type { Subscription } from "../client/connection.ts";
import { languageOf } from "../agent/dialect/language-of.ts";
import type { FileState } from "../context/living/living-file.ts";
import { type ReadableText, readableText } from "../context/living/readable-text.ts";
import { decodeTextFile } from "../edits/text-file.ts";
import type { FileSource } from "../window/file-source.ts";
import { FollowedNames } from "../window/followed-names.ts";

/** A larger file is not even read. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

const DELETED: ReadableText = { kind: "missing", reason: "it was deleted" };
const UNREADABLE: ReadableText = { kind: "missing", reason: "it cannot be read as text" };
const TOO_LARGE: ReadableText = { kind: "missing", reason: "it is larger than 1 MB" };

/** Files as the editor has them: open documents with unsaved changes, all others from the disk. */
export class EditorFiles implements FileSource {
  readonly #followed = new FollowedNames();
  /** What was last seen of files on the disk, as far as `check` has looked. */
  readonly #stamps = new Map<string, string>();
  readonly #events: vscode.Disposable;

  constructor() {
    this.#events = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#tell(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#tell(uri)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          this.#followed.rename(oldUri.toString(), newUri.toString());
        }
      }),
    );
  }

  async read(name: string): Promise<FileState> {
    const uri = vscode.Uri.parse(this.#followed.currentOf(name), true);
    const { content, language } = await readUri(uri);
    const label = vscode.workspace.asRelativePath(uri);
    return { uri: uri.toString(), label, language, content };
  }

  watch(name: string, onChange: () => void): Subscription {
    this.#followed.add(name, onChange);
    const watcher = watchDisk(vscode.Uri.parse(name, true), onChange);
    return {
      dispose: () => {
        watcher?.dispose();
        if (this.#followed.remove(name, onChange)) this.#stamps.delete(name);
      },
    };
  }

  /** Finds out now what watchers of the disk would tell a while later. */
  async check(): Promise<void> {
    const checks = this.#followed.all.map(async (name) => {
      const stamp = await stampOf(vscode.Uri.parse(name, true));
      if (stamp === this.#stamps.get(name)) return;
      this.#stamps.set(name, stamp);
      this.#followed.tell(name);
    });
    await Promise.all(checks);
  }

  dispose(): void {
    this.#events.dispose();
  }

  #tell(uri: vscode.Uri): void {
    this.#followed.tell(uri.toString());
  }
}

type Read = { readonly content: ReadableText; readonly language: string };

async function readUri(uri: vscode.Uri): Promise<Read> {
  const open = vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && document.uri.toString() === uri.toString(),
  );
  // What is not saved anywhere, and what no file system holds, is what the editor says.
  const onDisk = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
  if (open !== undefined && (open.isDirty || !onDisk)) return fromDocument(open);
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > FILE_BYTES_MAX) return { content: TOO_LARGE, language: "" };
    const decoded = decodeTextFile(await vscode.workspace.fs.readFile(uri));
    const language = open?.languageId ?? languageOf(uri.path);
    // The editor may hold an older text for a while, and opening others would start language servers.
    if (decoded.kind === "text") return { content: readableText(decoded.file.text), language };
    return fromDocument(open ?? (await vscode.workspace.openTextDocument(uri)));
  } catch (error) {
    const gone = error instanceof vscode.FileSystemError && error.code === "FileNotFound";
    // Otherwise a folder or a binary file.
    return { content: gone ? DELETED : UNREADABLE, language: "" };
  }
}

async function stampOf(uri: vscode.Uri): Promise<string> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime} ${size}`;
  } catch {
    return "none";
  }
}

function fromDocument(document: vscode.TextDocument): Read {
  return { content: readableText(document.getText()), language: document.languageId };
}

/** Documents that are open tell of their changes themselves; all others are watched on the disk. */
function watchDisk(uri: vscode.Uri, onChange: () => void): vscode.Disposable | null {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === undefined) return null;
  const folder = vscode.Uri.joinPath(uri, "..");
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  // Brackets keep the characters of a glob from meaning anything.
  const pattern = new vscode.RelativePattern(folder, name.replaceAll(/[[\]{}*?]/gu, "[$&]"));
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  watcher.onDidChange(onChange);
  watcher.onDidCreate(onChange);
  watcher.onDidDelete(onChange);
  return watcher;
}
