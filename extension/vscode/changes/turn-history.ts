import { randomUUID } from "node:crypto";
import type { EditEnd, FileEdit } from "../../agent/ports/edits.ts";
import type { Checkpoints, KeptTurn, UndoConflict, UndoOutcome } from "../../edits/checkpoints.ts";
import type { FileBytes } from "../../edits/file-bytes.ts";
import { turnsInEffect } from "../../edits/turns-in-effect.ts";
import type { Journal, WriteQueue } from "./editor-edits.ts";

export type TakenBack =
  | {
      readonly kind: "done";
      /** The turn that this is itself, which can be taken back in turn. */
      readonly id: string;
      readonly changed: readonly string[];
      /** Those among them that were changed meanwhile and keep those changes. */
      readonly merged: readonly string[];
      /** Files that are left as they are. */
      readonly conflicts: readonly UndoConflict[];
    }
  | { readonly kind: "refused"; readonly sentence: string };

/** The files that turns change, and that their undo changes back. */
export type ChangedFiles = {
  /** `null` where there is none, or none that can be read. */
  readonly read: (path: string) => Promise<FileBytes>;
  readonly apply: (edits: readonly FileEdit[], journal: Journal) => Promise<EditEnd>;
};

type Parts = {
  readonly checkpoints: Checkpoints;
  readonly writes: WriteQueue;
  readonly files: ChangedFiles;
};

/** The turns that changed files, and the way back. */
export class TurnHistory {
  readonly #checkpoints: Checkpoints;
  readonly #writes: WriteQueue;
  readonly #files: ChangedFiles;
  readonly #running = new Set<string>();

  constructor({ checkpoints, writes, files }: Parts) {
    this.#checkpoints = checkpoints;
    this.#writes = writes;
    this.#files = files;
  }

  /** The turns that stand, those that took others back among them; the newest first. */
  get turns(): readonly KeptTurn[] {
    return turnsInEffect(this.#checkpoints.turns())
      .filter(({ paths }) => paths.length > 0)
      .toReversed();
  }

  /** Whether a turn is one of the agent, took such turns back, or brought them back. */
  kindOf({ undoes }: KeptTurn): "turn" | "undo" | "redo" {
    if (undoes === undefined) return "turn";
    // The last one is the one that was chosen; the others came behind it.
    const chosen = this.#checkpoints.turns().find(({ id }) => id === undoes.at(-1));
    return chosen !== undefined && this.kindOf(chosen) === "undo" ? "redo" : "undo";
  }

  /** What “undo” means when nobody says what. */
  get last(): KeptTurn | undefined {
    return this.turns.find(({ undoes }) => undoes === undefined);
  }

  /** A turn that is running cannot be taken back. */
  began(turnId: string): void {
    this.#running.add(turnId);
  }

  ended(turnId: string): void {
    this.#running.delete(turnId);
  }

  journalOf(turnId: string, facts: Pick<KeptTurn, "label" | "startedMs" | "undoes">): Journal {
    return {
      before: async (path, bytes) => {
        await this.#checkpoints.begin(turnId, facts);
        await this.#checkpoints.beforeWrite(turnId, path, bytes);
      },
      after: async (path, bytes) => {
        await this.#checkpoints.afterWrite(turnId, path, bytes);
      },
    };
  }

  /** Takes one turn back, and none of the later ones. */
  async undo(turnId: string): Promise<TakenBack> {
    return await this.#takeBack(turnId, (read) => this.#checkpoints.undo(turnId, read));
  }

  /** Takes a turn back and all later ones. */
  async restore(turnId: string): Promise<TakenBack> {
    return await this.#takeBack(turnId, (read) => this.#checkpoints.restore(turnId, read));
  }

  async #takeBack(
    turnId: string,
    ask: (read: (path: string) => Promise<FileBytes>) => Promise<UndoOutcome>,
  ): Promise<TakenBack> {
    return await this.#writes.run(async () => {
      const present = new Map<string, FileBytes>();
      const outcome = await ask(async (path) => {
        const bytes = await this.#files.read(path);
        present.set(path, bytes);
        return bytes;
      });
      if (outcome.kind === "refused") return outcome;
      if (outcome.turnIds.some((id) => this.#running.has(id))) {
        return refused("The agent is still at work on this; stop it first.");
      }
      const edits = [...outcome.writes].map(([path, after]) => {
        return { path, before: present.get(path) ?? null, after };
      });
      return await this.#write(turnId, outcome, edits);
    });
  }

  async #write(
    turnId: string,
    { merged, conflicts, turnIds }: Extract<UndoOutcome, { kind: "ready" }>,
    edits: readonly FileEdit[],
  ): Promise<TakenBack> {
    const changed = edits.map(({ path }) => path);
    const id = `undo-${randomUUID()}`;
    const done: TakenBack = { kind: "done", id, changed, merged, conflicts };
    if (changed.length === 0 && conflicts.length > 0) return done;
    const label = this.#checkpoints.turns().find((turn) => turn.id === turnId)?.label ?? "";
    const facts = { label, startedMs: Date.now(), undoes: turnIds };
    // A file that is written begins the turn; without any, this alone says that it was taken back.
    if (edits.length === 0) await this.#checkpoints.begin(id, facts);
    const end = await this.#applyOrForget(id, edits, this.journalOf(id, facts));
    return end.kind === "applied" ? done : refused(`Nothing was taken back: ${end.sentence}`);
  }

  /** What did not happen must not be kept: the turns that it names would count as taken back. */
  async #applyOrForget(id: string, edits: readonly FileEdit[], journal: Journal): Promise<EditEnd> {
    let isApplied = false;
    try {
      const end = await this.#files.apply(edits, journal);
      isApplied = end.kind === "applied";
      return end;
    } finally {
      if (!isApplied) await this.#checkpoints.forget([id]);
    }
  }
}

function refused(sentence: string): TakenBack {
  return { kind: "refused", sentence };
}
