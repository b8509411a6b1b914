import { readFile, stat } from "node:fs/promises";
import { confinePath } from "../../edits/confine-path.ts";
import { nodePathSystem } from "../../edits/node-path-system.ts";
import { TEXT_FILE_BYTES_MAX } from "../../edits/text-file.ts";
import { codeOf, fileProblem } from "../file-problem.ts";
import type { Place, ReadBytes, Workspace } from "../ports/workspace.ts";

/** The files of a folder on disk. */
export class NodeWorkspace implements Workspace {
  readonly root: string;

  /** @param root canonical, as `realpath` gives it. */
  constructor(root: string) {
    this.root = root;
  }

  async locate(given: string): Promise<Place> {
    return await confinePath(this.root, given, nodePathSystem);
  }

  async read(path: string): Promise<ReadBytes> {
    try {
      // Looked at before it is opened: a pipe without a writer would never open.
      const file = await stat(path);
      if (file.isDirectory()) return { kind: "folder" };
      if (!file.isFile()) return { kind: "refused", sentence: `${path} is no ordinary file.` };
      if (file.size > TEXT_FILE_BYTES_MAX) {
        return { kind: "refused", sentence: `${path} is too large: it has ${file.size} bytes.` };
      }
      return { kind: "bytes", bytes: await readFile(path) };
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
      if (code === "EACCES" || code === "EPERM") {
        return { kind: "refused", sentence: `${path} may not be read.` };
      }
      return { kind: "refused", sentence: `${path} cannot be read: ${fileProblem(error)}.` };
    }
  }
}
