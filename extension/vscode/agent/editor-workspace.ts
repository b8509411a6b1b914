import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import * as vscode from "vscode";
import { NodeWorkspace } from "../../agent/node/node-workspace.ts";
import type { Place, ReadBytes, Workspace } from "../../agent/ports/workspace.ts";
import { confineToFolders, type NamedFolder } from "../../edits/confine-to-folders.ts";
import { nodePathSystem } from "../../edits/node-path-system.ts";
import { bytesOf, openDocument } from "../changes/current-file.ts";

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
    const document = await openDocument(path);
    return document?.isDirty === true
      ? { kind: "bytes", bytes: await bytesOf(document) }
      : await this.#disk.read(path);
  }

  /** The name by which the editor knows a file, whose folder may have been opened over a link. */
  uriOf(path: string): vscode.Uri {
    for (const folder of this.#folders) {
      const below = relative(folder.path, path);
      if (below === "") return folder.uri;
      if (isOutside(below)) continue;
      return vscode.Uri.joinPath(folder.uri, ...below.split(sep));
    }
    return vscode.Uri.file(path);
  }

  /** A path as the model and people know it. */
  nameOf(path: string): string {
    for (const folder of this.#folders) {
      const below = relative(folder.path, path);
      if (below === "" || isOutside(below)) continue;
      const name = below.replaceAll(sep, "/");
      return this.#folders.length === 1 ? name : `${folder.name}/${name}`;
    }
    return path;
  }

  /** Where a link to a path leads that the model gave, by its text alone. */
  linkOf(given: string): vscode.Uri {
    const named = this.#folders.find(({ name }) => given.startsWith(`${name}/`));
    const isNamed = this.#folders.length > 1 && named !== undefined;
    return isNamed
      ? this.uriOf(resolve(named.path, given.slice(named.name.length + 1)))
      : this.uriOf(resolve(this.root, given));
  }
}

/** Of a path between two; on Windows it is absolute where they are on two drives. */
function isOutside(below: string): boolean {
  return below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below);
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
