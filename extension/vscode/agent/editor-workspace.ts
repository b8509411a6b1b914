import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import { NodeWorkspace } from "../../agent/node/node-workspace.ts";
import type { Place, ReadBytes, Workspace } from "../../agent/ports/workspace.ts";
import { confineToFolders, type NamedFolder } from "../../edits/confine-to-folders.ts";
import { nodePathSystem } from "../../edits/node-path-system.ts";

type Folder = NamedFolder & { readonly uri: vscode.Uri };
type Folders = readonly [Folder, ...Folder[]];

/** The files of the editor's folders on disk; what is not saved yet is part of a file. */
export class EditorWorkspace implements Workspace {
  readonly #folders: Folders;
  readonly #disk: NodeWorkspace;

  private constructor(folders: Folders) {
    this.#folders = folders;
    this.#disk = new NodeWorkspace(folders[0].path);
  }

  /** `null` where no folder on this machine is open: then there is nothing to work on. */
  static async open(): Promise<EditorWorkspace | null> {
    const folders: Folder[] = [];
    for (const { uri, name } of vscode.workspace.workspaceFolders ?? []) {
      const path = await canonical(uri);
      if (path !== null) folders.push({ name, path, uri });
    }
    const [first, ...more] = folders;
    return first === undefined ? null : new EditorWorkspace([first, ...more]);
  }

  get root(): string {
    return this.#folders[0].path;
  }

  get folders(): readonly NamedFolder[] {
    return this.#folders;
  }

  async locate(given: string): Promise<Place> {
    return await confineToFolders(this.#folders, given, nodePathSystem);
  }

  async read(path: string): Promise<ReadBytes> {
    const document = this.#unsaved(path);
    if (document === null) return await this.#disk.read(path);
    const { encoding } = document;
    const bytes = await vscode.workspace.encode(document.getText(), { encoding });
    return { kind: "bytes", bytes };
  }

  /** The name by which the editor knows a file, whose folder may have been opened over a link. */
  uriOf(path: string): vscode.Uri {
    for (const folder of this.#folders) {
      const below = relative(folder.path, path);
      if (below === "") return folder.uri;
      if (below.startsWith(`..${sep}`) || below === ".." || below === path) continue;
      return vscode.Uri.joinPath(folder.uri, ...below.split(sep));
    }
    return vscode.Uri.file(path);
  }

  /** What a link to a path leads to, by its text alone; `null` where that is not in the workspace. */
  linkOf(given: string): vscode.Uri | null {
    const named = this.#folders.find(({ name }) => given.startsWith(`${name}/`));
    const isNamed = this.#folders.length > 1 && named !== undefined;
    const folder = isNamed ? named : this.#folders[0];
    const path = join(folder.path, isNamed ? given.slice(folder.name.length + 1) : given);
    return path.startsWith(folder.path + sep) ? this.uriOf(path) : null;
  }

  #unsaved(path: string): vscode.TextDocument | null {
    const uri = this.uriOf(path).toString();
    const isIt = (document: vscode.TextDocument): boolean =>
      document.isDirty && !document.isClosed && document.uri.toString() === uri;
    return vscode.workspace.textDocuments.find(isIt) ?? null;
  }
}

async function canonical({ scheme, fsPath }: vscode.Uri): Promise<string | null> {
  if (scheme !== "file") return null;
  try {
    return await realpath(fsPath);
  } catch {
    // A folder that is gone is shown by the editor as such.
    return null;
  }
}
