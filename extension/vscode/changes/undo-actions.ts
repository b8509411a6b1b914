import { basename } from "node:path";
import * as vscode from "vscode";
import type { KeptTurn, UndoConflict } from "../../edits/checkpoints.ts";
import type { Originals } from "./originals.ts";
import { countedFiles, namesOf } from "./paths.ts";
import type { PendingReview } from "./pending-review.ts";
import type { TakenBack, TurnHistory } from "./turn-history.ts";

/** Conflicts that are opened at once to be compared. */
const COMPARED_MAX = 5;

/** The way back from what was just done. */
type Offered = "Redo" | "Undo";

type Parts = {
  readonly history: TurnHistory;
  readonly review: PendingReview;
  readonly originals: Originals;
};

/** What the commands that take turns back do, and what they say about it. */
export class UndoActions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A turn that is given by its id, or the last one that stands. */
  async undo(given: unknown): Promise<void> {
    const { history } = this.#parts;
    const { turns } = history;
    const turn = typeof given === "string" ? turns.find(({ id }) => id === given) : history.last;
    if (turn === undefined) {
      const which = typeof given === "string" ? "this turn" : "any turn";
      void vscode.window.showInformationMessage(`There is nothing of ${which} to take back.`);
      return;
    }
    await this.#tell(await history.undo(turn.id), `Took ${this.#nameOf(turn)} back`);
  }

  async restore(): Promise<void> {
    const { history } = this.#parts;
    const items = history.turns.map((turn) => ({
      turn,
      label: `Before ${this.#nameOf(turn)}`,
      description: turn.startedMs === undefined ? "" : new Date(turn.startedMs).toLocaleString(),
      detail: namesOf(turn.paths),
    }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage("No turn has changed a file yet.");
      return;
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title: "Restore Checkpoint",
      placeHolder: "Take this turn and all later ones back; your own changes stay",
    });
    if (chosen === undefined) return;
    const took = `Went back to before ${this.#nameOf(chosen.turn)}`;
    await this.#tell(await history.restore(chosen.turn.id), took);
  }

  #nameOf(turn: KeptTurn): string {
    const { label = "" } = turn;
    const name = label === "" ? "a turn" : `“${label}”`;
    const kind = this.#parts.history.kindOf(turn);
    if (kind === "turn") return name;
    return kind === "undo" ? `taking ${name} back` : `redoing ${name}`;
  }

  async #tell(end: TakenBack, took: string, offered: Offered = "Redo"): Promise<void> {
    this.#parts.review.refresh();
    if (end.kind === "refused") {
      void vscode.window.showWarningMessage(end.sentence);
      return;
    }
    const { id, changed, merged, conflicts } = end;
    const kept = merged.length === 0 ? "" : ` Later changes in ${namesOf(merged)} are kept.`;
    if (conflicts.length > 0) await this.#tellConflicts(conflicts, changed.length);
    else if (changed.length === 0) {
      const sentence = "Nothing of it was left: all files are as they were before.";
      void vscode.window.showInformationMessage(sentence);
    } else await this.#offer(offered, `${took}: ${countedFiles(changed.length)}.${kept}`, id);
  }

  async #offer(offered: Offered, sentence: string, id: string): Promise<void> {
    if ((await vscode.window.showInformationMessage(sentence, offered)) !== offered) return;
    const end = await this.#parts.history.undo(id);
    if (offered === "Redo") await this.#tell(end, "Redone", "Undo");
    else await this.#tell(end, "Undone", "Redo");
  }

  async #tellConflicts(conflicts: readonly UndoConflict[], changedCount: number): Promise<void> {
    const compare = "Compare";
    const [first] = conflicts;
    const left = namesOf(conflicts.map(({ path }) => path));
    const why = conflicts.length === 1 ? ` ${first?.sentence}` : "";
    const others = changedCount === 0 ? "" : ` ${countedFiles(changedCount)} went back.`;
    const sentence = `Left as it is: ${left}.${why}${others}`;
    if ((await vscode.window.showWarningMessage(sentence, compare)) !== compare) return;
    for (const { path, before } of conflicts.slice(0, COMPARED_MAX)) {
      const original = this.#parts.originals.show(path, before ?? null);
      const title = `${basename(path)} (before the turn ↔ now)`;
      await vscode.commands.executeCommand("vscode.diff", original, vscode.Uri.file(path), title);
    }
  }
}
