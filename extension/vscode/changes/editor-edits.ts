import { fileProblem } from "../../agent/file-problem.ts";
import type { EditEnd, FileEdit } from "../../agent/ports/edits.ts";
import { type FileBytes, sameBytes } from "../../edits/file-bytes.ts";
import { planWrite } from "../../edits/plan-write.ts";
import { type ReadCurrentFile, readCurrentFile } from "./current-file.ts";
import { chooseWay, type PlannedFile } from "./edit-way.ts";
import { writeFiles } from "./write-files.ts";

/** Times that an edit is planned again because somebody typed between planning and applying. */
const PLANS_MAX = 4;

/** Is told of every file before and after it is written. */
export type Journal = {
  before(path: string, bytes: FileBytes): Promise<void>;
  after(path: string, bytes: FileBytes): Promise<void>;
};

/** Lets one write begin when all earlier ones have ended. */
export type WriteQueue = { run<T>(call: () => Promise<T>): Promise<T> };

/**
 * Changes files as one step of the editor that can be undone, all of them or none. Unsaved text is
 * changed where it stands and stays unsaved; all other files hold exactly the new bytes on disk.
 */
export async function applyEdits(edits: readonly FileEdit[], journal: Journal): Promise<EditEnd> {
  for (let attempt = 1; attempt <= PLANS_MAX; attempt++) {
    const planned = await plan(edits);
    if ("kind" in planned) return planned;
    for (const { path, present } of planned) await journal.before(path, present);
    const end = await tryWrite(planned);
    await note(planned, end, journal);
    if (end.kind !== "stale") return end;
  }
  return refused(
    "the editor did not take the change; somebody may be changing the file. Try again.",
  );
}

type Written = EditEnd | { readonly kind: "stale" };

async function tryWrite(planned: readonly PlannedFile[]): Promise<Written> {
  try {
    return (await writeFiles(planned)) === "stale" ? { kind: "stale" } : { kind: "applied" };
  } catch (error) {
    const left = await putBack(planned);
    const rest = left.length === 0 ? "" : ` These could not be put back: ${left.join(", ")}.`;
    return refused(`writing failed: ${fileProblem(error)}.${rest}`);
  }
}

/** All or nothing: files that hold something else than before get it back. Names those that do not. */
async function putBack(planned: readonly PlannedFile[]): Promise<string[]> {
  const left: string[] = [];
  for (const { path, present } of planned) {
    try {
      const read = await readCurrentFile(path);
      if (read.kind === "read" && sameBytes(read.file.bytes, present)) continue;
      const back = await plan([{ path, before: currentBytes(read), after: present }]);
      if ("kind" in back || (await writeFiles(back)) === "stale") left.push(path);
    } catch {
      left.push(path);
    }
  }
  return left;
}

async function plan(edits: readonly FileEdit[]): Promise<readonly PlannedFile[] | EditEnd> {
  const planned: PlannedFile[] = [];
  for (const edit of edits) {
    const read = await readCurrentFile(edit.path);
    if (read.kind === "refused") return read;
    const write = planWrite(edit, read.file.bytes);
    if (write.kind === "refused") return write;
    const way = await chooseWay(read.file, write.bytes);
    if (way.kind === "refused") return way;
    planned.push({ path: edit.path, present: read.file.bytes, after: write.bytes, way });
  }
  return planned;
}

async function note(
  planned: readonly PlannedFile[],
  end: Written,
  journal: Journal,
): Promise<void> {
  for (const { path, present, after } of planned) {
    // What somebody has typed instead, or meanwhile, is no part of the step.
    if (end.kind === "applied") await journal.after(path, after);
    else if (end.kind === "stale") await journal.after(path, present);
    else await journal.after(path, bytesOr(present, await readCurrentFile(path)));
  }
}

/** A file that a failed step has left, or could not put back. */
function bytesOr(present: FileBytes, read: ReadCurrentFile): FileBytes {
  return read.kind === "read" ? read.file.bytes : present;
}

function currentBytes(read: ReadCurrentFile): FileBytes {
  return read.kind === "read" ? read.file.bytes : null;
}

function refused(sentence: string): Extract<EditEnd, { kind: "refused" }> {
  return { kind: "refused", sentence };
}
