import * as vscode from "vscode";
import { EditorWorkspace } from "../agent/editor-workspace.ts";
import { Commands, ContextKeys } from "../names.ts";
import { menuPaths, type ShownFile } from "./menu-paths.ts";
import { countedFiles, namesOf, pathOf } from "./paths.ts";
import type { PendingReview } from "./pending-review.ts";
import { REVIEW_TITLE, watchReviewTab } from "./review-tab.ts";

/** Typing comes in bursts, and each key may settle a change. */
const REFRESH_DELAY_MS = 300;
const PRIORITY = 99;

/** Shows that there is something to review, and lets menus know of which files. */
export class ReviewStatus {
  readonly #review: PendingReview;
  readonly #item: vscode.StatusBarItem;
  readonly #events: vscode.Disposable;
  /** Files that had something to review when they were looked at last. */
  readonly #pending = new Set<string>();
  /** Files to be looked at again. */
  readonly #stale = new Set<string>();
  /** Documents to be looked at again. Where they lie on disk is asked once for many keys. */
  readonly #touched = new Map<string, vscode.Uri>();
  #timer: NodeJS.Timeout | undefined;

  constructor(review: PendingReview) {
    this.#review = review;
    this.#item = vscode.window.createStatusBarItem(
      "kvasir.review",
      vscode.StatusBarAlignment.Left,
      PRIORITY,
    );
    this.#item.name = REVIEW_TITLE;
    this.#item.command = Commands.reviewChanges;
    this.#events = vscode.Disposable.from(
      review.onDidChange(() => this.#look(review.paths)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#lookAt(document.uri)),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#lookAt(uri)),
      // What other programs did to the files is seen when the user comes back to one.
      vscode.window.onDidChangeActiveTextEditor(() => this.#look(review.paths)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#look([])),
      watchReviewTab(),
    );
    this.#look(review.paths);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#events.dispose();
    this.#item.dispose();
  }

  #lookAt(uri: vscode.Uri): void {
    // Output and other texts without a file change all the time.
    if (uri.scheme !== "file") return;
    this.#touched.set(uri.toString(), uri);
    this.#look([]);
  }

  #look(paths: readonly string[]): void {
    for (const path of paths) this.#stale.add(path);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, REFRESH_DELAY_MS);
  }

  async #refresh(): Promise<void> {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    for (const uri of touched) this.#stale.add((await pathOf(uri)) ?? uri.fsPath);
    const known = new Set(this.#review.paths);
    const stale = [...this.#stale].filter((path) => known.has(path));
    this.#stale.clear();
    for (const path of stale) {
      if ((await this.#review.file(path)) === null) this.#pending.delete(path);
      else this.#pending.add(path);
    }
    for (const path of this.#pending) if (!known.has(path)) this.#pending.delete(path);
    await this.#show([...this.#pending]);
  }

  async #show(paths: readonly string[]): Promise<void> {
    const isPending = paths.length > 0;
    await vscode.commands.executeCommand("setContext", ContextKeys.changesPending, isPending);
    const known = isPending ? await pathsForMenus(paths) : [];
    await vscode.commands.executeCommand("setContext", ContextKeys.changedPaths, known);
    if (!isPending) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(diff-multiple) ${countedFiles(paths.length)} to review`;
    this.#item.tooltip = `Kvasir has changed ${namesOf(paths)}. Click to review the changes.`;
    this.#item.show();
  }
}

async function pathsForMenus(pending: readonly string[]): Promise<readonly string[]> {
  const workspace = await EditorWorkspace.open();
  const nameOf = (path: string): string => (workspace?.uriOf(path) ?? vscode.Uri.file(path)).fsPath;
  const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
  const shown = documents
    .filter(({ uri }) => uri.scheme === "file")
    .map(async ({ uri }): Promise<ShownFile> => ({
      path: await pathOf(uri),
      openedAs: uri.fsPath,
    }));
  return menuPaths(pending, { nameOf, shown: await Promise.all(shown) });
}
