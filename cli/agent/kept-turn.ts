import { CheckpointedEdits } from "../../extension/agent/checkpointed-edits.ts";
import type { Edits } from "../../extension/agent/ports/edits.ts";
import type { Workspace } from "../../extension/agent/ports/workspace.ts";
import { Checkpoints } from "../../extension/edits/checkpoints.ts";
import { nodeCheckpointStore } from "../../extension/edits/node-checkpoint-store.ts";
import type { TurnFolders } from "./turn-folders.ts";

/** The only turn of its folder. */
export const TURN_ID = "turn";

/** A turn of the headless agent, of which all changes of files are kept. */
export class KeptTurn {
  readonly #folders: TurnFolders;
  #folder: string | null = null;

  constructor(folders: TurnFolders) {
    this.#folders = folders;
  }

  watch(edits: Edits, workspace: Workspace): Edits {
    return new CheckpointedEdits({ edits, workspace, open: () => this.#open() });
  }

  async end(): Promise<void> {
    if (this.#folder !== null) await this.#folders.end(this.#folder);
  }

  async #open(): Promise<{ readonly checkpoints: Checkpoints; readonly turnId: string }> {
    this.#folder = await this.#folders.begin();
    const { checkpoints } = await Checkpoints.open(nodeCheckpointStore(this.#folder));
    await checkpoints.begin(TURN_ID);
    return { checkpoints, turnId: TURN_ID };
  }
}
