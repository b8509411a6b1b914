import * as vscode from "vscode";
import { Commands } from "../names.ts";
import { countedFiles, namesOf } from "./paths.ts";
import type { PendingReview } from "./pending-review.ts";

/** Typing comes in bursts, and each key may settle a change. */
const REFRESH_DELAY_MS = 300;
const PRIORITY = 99;

/** Shows that there is something to review, and lets menus know of which files. */
export class ReviewStatus {
  readonly #review: PendingReview;
  readonly #item: vscode.StatusBarItem;
  readonly #events: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(review: PendingReview) {
    this.#review = review;
    this.#item = vscode.window.createStatusBarItem(
      "kvasir.review",
      vscode.StatusBarAlignment.Left,
      PRIORITY,
    );
    this.#item.name = "Kvasir: Changes to Review";
    this.#item.command = Commands.reviewChanges;
    this.#events = vscode.Disposable.from(
      review.onDidChange(() => this.#later()),
      vscode.workspace.onDidChangeTextDocument(() => this.#later()),
      vscode.workspace.onDidSaveTextDocument(() => this.#later()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#later()),
    );
    this.#later();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#events.dispose();
    this.#item.dispose();
  }

  #later(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, REFRESH_DELAY_MS);
  }

  async #refresh(): Promise<void> {
    const files = this.#review.paths.length === 0 ? [] : await this.#review.files();
    const paths = files.map(({ path }) => path);
    const isPending = paths.length > 0;
    await vscode.commands.executeCommand("setContext", "kvasir.changesPending", isPending);
    await vscode.commands.executeCommand("setContext", "kvasir.changedPaths", paths);
    if (!isPending) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(diff-multiple) ${countedFiles(paths.length)} to review`;
    this.#item.tooltip = `Kvasir has changed ${namesOf(paths)}. Click to review the changes.`;
    this.#item.show();
  }
}
