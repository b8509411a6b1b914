import { stat } from "node:fs/promises";
import { putFile } from "../../edits/node-put-file.ts";
import { planWrite } from "../../edits/plan-write.ts";
import { fileProblem } from "../file-problem.ts";
import type { EditEnd, Edits, FileEdit } from "../ports/edits.ts";
import type { Workspace } from "../ports/workspace.ts";

/** Write permission of anybody; without it a file is meant to stay as it is. */
const WRITABLE_BITS = 0o222;

type Planned = {
  readonly path: string;
  /** As it is on disk now. */
  readonly present: Uint8Array | null;
  readonly after: Uint8Array | null;
};

/** Changes files on disk. */
export class NodeEdits implements Edits {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  async apply(edits: readonly FileEdit[]): Promise<EditEnd> {
    const planned: Planned[] = [];
    for (const edit of edits) {
      const plan = await this.#plan(edit);
      if ("kind" in plan) return plan;
      planned.push(plan);
    }
    const written: Planned[] = [];
    try {
      for (const plan of planned) {
        await putFile(plan.path, plan.after);
        written.push(plan);
      }
      return { kind: "applied" };
    } catch (error) {
      const left = await putBack(written);
      const rest = left.length === 0 ? "" : ` These could not be put back: ${left.join(", ")}.`;
      return refused(`writing failed: ${fileProblem(error)}.${rest}`);
    }
  }

  /** A file that somebody else changed meanwhile keeps that change, where the two can go together. */
  async #plan(edit: FileEdit): Promise<Planned | EditEnd> {
    const { path } = edit;
    const read = await this.#workspace.read(path);
    if (read.kind === "folder" || read.kind === "refused") return refused("it cannot be written.");
    if (read.kind === "bytes" && ((await stat(path)).mode & WRITABLE_BITS) === 0) {
      return refused("it is read-only.");
    }
    const present = read.kind === "bytes" ? read.bytes : null;
    const planned = planWrite(edit, present);
    return planned.kind === "write" ? { path, present, after: planned.bytes } : planned;
  }
}

/** All or nothing: what has been written is put back, the last one first. Names what could not be. */
async function putBack(written: readonly Planned[]): Promise<string[]> {
  const left: string[] = [];
  for (const { path, present } of written.toReversed()) {
    try {
      await putFile(path, present);
    } catch {
      left.push(path);
    }
  }
  return left;
}

function refused(sentence: string): EditEnd {
  return { kind: "refused", sentence };
}
