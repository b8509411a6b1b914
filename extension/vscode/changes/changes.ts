import type { EditEnd, Edits } from "../../agent/ports/edits.ts";
import { Checkpoints } from "../../edits/checkpoints.ts";
import { InOrder } from "../../edits/in-order.ts";
import { nodeCheckpointStore } from "../../edits/node-checkpoint-store.ts";
import { applyEdits, type Journal } from "./editor-edits.ts";
import { ChangingTurn } from "./changing-turn.ts";

export type TurnFacts = {
  /** Unique among all turns of the workspace. */
  readonly id: string;
  /** What the user asked, for a list of turns. */
  readonly label: string;
};

/** The changes that turns make to files: applied, kept for undo, reviewed. */
export class Changes {
  readonly #checkpoints: Checkpoints;
  readonly #writes = new InOrder();

  private constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  /** `message` says, in a sentence, if what was kept earlier cannot be read. */
  static async open(
    folder: string,
  ): Promise<{ readonly changes: Changes; readonly message?: string }> {
    const { checkpoints, ...rest } = await Checkpoints.open(nodeCheckpointStore(folder));
    return { changes: new Changes(checkpoints), ...rest };
  }

  /** Turns may run beside each other, each with its own. Nothing is kept of one that writes nothing. */
  beginTurn({ id, label }: TurnFacts): ChangingTurn {
    const facts = { label, startedMs: Date.now() };
    return new ChangingTurn(id, async (edits, noted) => {
      const journal: Journal = {
        before: async (path, bytes) => {
          await this.#checkpoints.begin(id, facts);
          await this.#checkpoints.beforeWrite(id, path, bytes);
        },
        after: async (path, bytes) => {
          await this.#checkpoints.afterWrite(id, path, bytes);
        },
      };
      return await this.#apply(edits, both(journal, noted));
    });
  }

  #apply(edits: Parameters<Edits["apply"]>[0], journal: Journal): Promise<EditEnd> {
    return this.#writes.run(() => applyEdits(edits, journal));
  }
}

function both(first: Journal, second: Journal): Journal {
  return {
    before: async (path, bytes) => {
      await first.before(path, bytes);
      await second.before(path, bytes);
    },
    after: async (path, bytes) => {
      await first.after(path, bytes);
      await second.after(path, bytes);
    },
  };
}
