import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { mergeThreeWay } from "../../edits/merge.ts";
import { decodeTextFile, encodeTextFile } from "../../edits/text-file.ts";
import type { EditEnd, Edits, FileEdit } from "../ports/edits.ts";
import type { ReadBytes, Workspace } from "../ports/workspace.ts";

/** Write permission of anybody; without it a file is meant to stay as it is. */
const WRITABLE_BITS = 0o222;

type Planned = {
  readonly path: string;
  /** As it is on disk now. */
  readonly present: Uint8Array | null;
  readonly after: Uint8Array | null;
};

/** Changes files on disk. A file is replaced in one move, so that nobody sees half of it. */
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
        await put(plan.path, plan.after);
        written.push(plan);
      }
      return { kind: "applied" };
    } catch (error) {
      // All or nothing: what has been written is put back, the last one first.
      for (const { path, present } of written.toReversed()) await put(path, present);
      return refused(`writing failed: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  /** A file that somebody else changed meanwhile keeps that change, where the two can go together. */
  async #plan({ path, before, after }: FileEdit): Promise<Planned | EditEnd> {
    const read = await this.#workspace.read(path);
    if (read.kind === "folder" || read.kind === "refused") return refused("it cannot be written.");
    if (read.kind === "bytes" && ((await stat(path)).mode & WRITABLE_BITS) === 0) {
      return refused("it is read-only.");
    }
    const present = bytesOf(read);
    if (sameBytes(present, before)) return { path, present, after };
    if (present === null || before === null || after === null) {
      const what = present === null ? "deleted" : "changed";
      return refused(`it was ${what} by somebody else meanwhile. Read it again.`);
    }
    const merged = merge(before, after, present);
    return merged instanceof Uint8Array ? { path, present, after: merged } : refused(merged);
  }
}

function merge(before: Uint8Array, after: Uint8Array, present: Uint8Array): Uint8Array | string {
  const [base, ours, theirs] = [before, after, present].map(decodeTextFile);
  if (base?.kind !== "text" || ours?.kind !== "text" || theirs?.kind !== "text") {
    return "it was changed by somebody else meanwhile. Read it again.";
  }
  const texts = { base: base.file.text, ours: ours.file.text, theirs: theirs.file.text };
  const merged = mergeThreeWay(texts);
  if (merged.kind === "conflict") return `${merged.sentence} Read it again.`;
  return encodeTextFile(merged.text, theirs.file);
}

async function put(path: string, bytes: Uint8Array | null): Promise<void> {
  if (bytes === null) {
    await rm(path, { force: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const mode = await modeOf(path);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes, mode === null ? {} : { mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch {
    return null;
  }
}

function bytesOf(read: ReadBytes): Uint8Array | null {
  return read.kind === "bytes" ? read.bytes : null;
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return Buffer.compare(a, b) === 0;
}

function refused(sentence: string): EditEnd {
  return { kind: "refused", sentence };
}
