import { join } from "node:path";
import { Checkpoints } from "../../edits/checkpoints.ts";
import type { FileBytes } from "../../edits/file-bytes.ts";
import { InOrder } from "../../edits/in-order.ts";
import { nodeCheckpointStore } from "../../edits/node-checkpoint-store.ts";
import { ReviewLedger } from "../../edits/review-ledger.ts";
import { ChangingTurn } from "./changing-turn.ts";
import { readCurrentFile } from "./current-file.ts";
import { applyEdits, type Journal } from "./editor-edits.ts";
import { PendingReview } from "./pending-review.ts";
import { TurnHistory } from "./turn-history.ts";

export type TurnFacts = {
  /** Unique among all turns of the workspace. */
  readonly id: string;
  /** What the user asked, for a list of turns. */
  readonly label: string;
};

const LABEL_CHARS_MAX = 120;

/** The changes that turns make to files: applied, kept for undo, reviewed. */
export class Changes {
  readonly history: TurnHistory;
  readonly review: PendingReview;
  /** One write at a time, so that what is kept of files is what they held. */
  readonly #writes = new InOrder();

  private constructor(checkpoints: Checkpoints, ledger: ReviewLedger) {
    const files = { read: readBytes, apply: applyEdits };
    this.history = new TurnHistory({ checkpoints, writes: this.#writes, files });
    this.review = new PendingReview(ledger, this.#writes);
  }

  /** `message` says, in sentences, if what was kept earlier cannot be read. */
  static async open(
    folder: string,
  ): Promise<{ readonly changes: Changes; readonly message?: string }> {
    const turns = await Checkpoints.open(nodeCheckpointStore(folder));
    const review = await ReviewLedger.open(nodeCheckpointStore(join(folder, "review")));
    const changes = new Changes(turns.checkpoints, review.ledger);
    const messages = [turns.message, review.message].filter((message) => message !== undefined);
    return messages.length === 0 ? { changes } : { changes, message: messages.join(" ") };
  }

  /**
   * Turns may run beside each other, each with its own. Nothing is kept of one that writes nothing.
   * Call `end` when it is over, however it ended.
   */
  beginTurn({ id, label }: TurnFacts): ChangingTurn {
    const firstLine = label.trim().split("\n", 1)[0]!.slice(0, LABEL_CHARS_MAX).toWellFormed();
    const kept = this.history.journalOf(id, { label: firstLine, startedMs: Date.now() });
    this.history.began(id);
    return new ChangingTurn(id, {
      apply: (edits, noted) =>
        this.#writes.run(() => applyEdits(edits, all(kept, this.review.journal, noted))),
      onEnd: () => this.history.ended(id),
    });
  }

  dispose(): void {
    this.review.dispose();
  }
}

function all(...journals: readonly Journal[]): Journal {
  return {
    before: async (path, bytes) => {
      for (const journal of journals) await journal.before(path, bytes);
    },
    after: async (path, bytes) => {
      for (const journal of journals) await journal.after(path, bytes);
    },
  };
}

async function readBytes(path: string): Promise<FileBytes> {
  const read = await readCurrentFile(path);
  return read.kind === "read" ? read.file.bytes : null;
}
