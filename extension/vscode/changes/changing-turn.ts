import type { EditEnd, Edits, FileEdit } from "../../agent/ports/edits.ts";
import { countChange, type ChangeCount } from "../../edits/change-count.ts";
import { type FileBytes, sameBytes } from "../../edits/file-bytes.ts";
import { openDocument } from "./current-file.ts";
import type { Journal } from "./editor-edits.ts";

export type ChangedFile = ChangeCount & {
  readonly path: string;
  readonly kind: "changed" | "created" | "deleted";
};

type TurnPorts = {
  readonly apply: (edits: readonly FileEdit[], journal: Journal) => Promise<EditEnd>;
  readonly onEnd: () => void;
};

/** What one turn does to files. */
export class ChangingTurn {
  readonly id: string;
  /** For the agent's tools. */
  readonly edits: Edits;
  readonly #onEnd: () => void;
  readonly #files = new Map<string, { readonly before: FileBytes; after: FileBytes }>();

  constructor(id: string, { apply, onEnd }: TurnPorts) {
    this.id = id;
    this.#onEnd = onEnd;
    const journal: Journal = {
      before: async (path, bytes) => {
        if (!this.#files.has(path)) this.#files.set(path, { before: bytes, after: bytes });
      },
      after: async (path, bytes) => {
        const file = this.#files.get(path);
        if (file !== undefined) file.after = bytes;
      },
    };
    this.edits = { apply: (edits) => apply(edits, journal) };
  }

  /**
   * Saves what the turn has changed in documents that the user had not saved, and names them. To be
   * called before a command runs, which sees files on disk only; until then they stay unsaved.
   */
  async saveForCommand(): Promise<readonly string[]> {
    const saved: string[] = [];
    for (const path of this.#files.keys()) {
      const document = await openDocument(path);
      if (document?.isDirty === true && (await document.save())) saved.push(path);
    }
    return saved;
  }

  /** The files that are not as they were when the turn began, in the order in which it came to them. */
  end(): readonly ChangedFile[] {
    this.#onEnd();
    return [...this.#files].flatMap(([path, { before, after }]) => {
      if (sameBytes(before, after)) return [];
      const kind = before === null ? "created" : after === null ? "deleted" : "changed";
      return [{ path, kind, ...countChange(before, after) }];
    });
  }
}
