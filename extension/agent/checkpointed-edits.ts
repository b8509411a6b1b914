import type { Checkpoints } from "../edits/checkpoints.ts";
import type { FileBytes } from "../edits/file-bytes.ts";
import type { EditEnd, Edits, FileEdit } from "./ports/edits.ts";
import type { Workspace } from "./ports/workspace.ts";

export type CheckpointedEditsOptions = {
  readonly edits: Edits;
  readonly workspace: Workspace;
  /** Called with the first edit: a turn that changes nothing leaves nothing behind. */
  readonly open: () => Promise<{ readonly checkpoints: Checkpoints; readonly turnId: string }>;
};

/** Keeps what files held before a turn changed them, so that the turn can be taken back. */
export class CheckpointedEdits implements Edits {
  readonly #options: CheckpointedEditsOptions;
  #opened: ReturnType<CheckpointedEditsOptions["open"]> | null = null;

  constructor(options: CheckpointedEditsOptions) {
    this.#options = options;
  }

  async apply(edits: readonly FileEdit[]): Promise<EditEnd> {
    this.#opened ??= this.#options.open();
    const { checkpoints, turnId } = await this.#opened;
    const before = new Map<string, FileBytes>();
    for (const { path } of edits) {
      const bytes = await this.#bytesOf(path);
      before.set(path, bytes);
      await checkpoints.beforeWrite(turnId, path, bytes);
    }
    const end = await this.#options.edits.apply(edits);
    for (const [path, bytes] of before) {
      // What was refused left the file as it was, and whatever becomes of it later is somebody else's.
      const after = end.kind === "applied" ? await this.#bytesOf(path) : bytes;
      await checkpoints.afterWrite(turnId, path, after);
    }
    return end;
  }

  async #bytesOf(path: string): Promise<FileBytes> {
    const read = await this.#options.workspace.read(path);
    return read.kind === "bytes" ? read.bytes : null;
  }
}
