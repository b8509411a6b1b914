import * as vscode from "vscode";
import type { Changes } from "./changes.ts";
import { Originals } from "./originals.ts";
import { ORIGINAL_SCHEME } from "./paths.ts";
import { ReviewActions } from "./review-actions.ts";
import { ReviewLenses } from "./review-lenses.ts";
import { ReviewStatus } from "./review-status.ts";
import { UndoActions } from "./undo-actions.ts";

/** What the editor shows of changes, and what can be done about them. */
export class ChangesView {
  readonly changes: Changes;
  readonly review: ReviewActions;
  readonly undo: UndoActions;
  readonly #parts: vscode.Disposable;

  constructor(changes: Changes) {
    this.changes = changes;
    const { review, history } = changes;
    const originals = new Originals(review);
    this.review = new ReviewActions(review);
    this.undo = new UndoActions({ history, review, originals });
    this.#parts = vscode.Disposable.from(
      changes,
      originals,
      new ReviewStatus(review),
      vscode.workspace.registerTextDocumentContentProvider(ORIGINAL_SCHEME, originals),
      vscode.languages.registerCodeLensProvider({ scheme: "file" }, new ReviewLenses(review)),
    );
  }

  dispose(): void {
    this.#parts.dispose();
  }
}
