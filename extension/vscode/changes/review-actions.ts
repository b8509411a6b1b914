import * as vscode from "vscode";
import type { EditEnd } from "../../agent/ports/edits.ts";
import type { Hunk } from "../../edits/line-changes.ts";
import { namesOf, originalUri, pathOf } from "./paths.ts";
import type { PendingReview } from "./pending-review.ts";
import type { HunkPlace } from "./review-lenses.ts";
import { closeReviewTab, REVIEW_TITLE } from "./review-tab.ts";

const NOTHING = "There is no change of Kvasir here to accept or reject.";

type Verb = "accept" | "reject";

/** What the commands of a review do. */
export class ReviewActions {
  readonly #review: PendingReview;

  constructor(review: PendingReview) {
    this.#review = review;
  }

  /** All that is pending, in the editor's view of several files. */
  async open(): Promise<void> {
    const files = await this.#review.files();
    if (files.length === 0) {
      tell("There are no changes of Kvasir to review.");
      return;
    }
    const resources = files.map(({ path, review }) => {
      const uri = vscode.Uri.file(path);
      const original = review.kind === "created" ? undefined : originalUri(path);
      return [uri, original, review.kind === "deleted" ? undefined : uri];
    });
    await vscode.commands.executeCommand("vscode.changes", REVIEW_TITLE, resources);
  }

  /** One hunk: the one that is given, or the one at the cursor. */
  async decide(verb: Verb, given: unknown): Promise<void> {
    const place = isHunkPlace(given) ? given : await this.#hunkAtCursor();
    if (place === null) {
      tell(NOTHING);
      return;
    }
    const { path, hunk } = place;
    const end =
      verb === "accept"
        ? await this.#review.acceptHunk(path, hunk)
        : await this.#review.rejectHunk(path, hunk);
    tellRefusal(end, [path]);
    await this.#closeIfDone();
  }

  /** A file: the one that is given, or the one that is looked at. A view of several is no file. */
  async decideFile(verb: Verb, given: unknown): Promise<void> {
    const active = vscode.window.activeTextEditor?.document.uri;
    for (const uri of [given, active]) {
      const path = uri instanceof vscode.Uri ? await pathOf(uri) : null;
      if (path === null || (await this.#review.file(path)) === null) continue;
      await this.#decidePaths(verb, [path]);
      return;
    }
    tell(NOTHING);
  }

  async decideAll(verb: Verb): Promise<void> {
    await this.#decidePaths(verb, this.#review.paths);
  }

  async #decidePaths(verb: Verb, paths: readonly string[]): Promise<void> {
    if (verb === "accept") await this.#review.accept(paths);
    else await this.#reject(paths);
    await this.#closeIfDone();
  }

  async #reject(paths: readonly string[]): Promise<void> {
    const { end, kept } = await this.#review.reject(paths);
    tellRefusal(end, paths);
    if (kept.length > 0) {
      tell(`New files that were changed since are kept: ${namesOf(kept)}. Delete them yourself.`);
    }
  }

  async #closeIfDone(): Promise<void> {
    if ((await this.#review.files()).length === 0) await closeReviewTab();
  }

  async #hunkAtCursor(): Promise<HunkPlace | null> {
    const editor = vscode.window.activeTextEditor;
    const path = editor === undefined ? null : await pathOf(editor.document.uri);
    const file = path === null ? null : await this.#review.file(path);
    if (editor === undefined || path === null || file?.review.kind !== "changed") return null;
    const isOriginal = editor.document.uri.scheme !== "file";
    const { line } = editor.selection.active;
    const hunk = file.review.hunks.find((candidate) => holds(candidate, line, isOriginal));
    return hunk === undefined ? null : { path, hunk };
  }
}

/** Lines that were only removed are found at the line that follows them. */
function holds(hunk: Hunk, line: number, isOriginal: boolean): boolean {
  const start = isOriginal ? hunk.beforeIndex : hunk.afterIndex;
  const { length } = isOriginal ? hunk.beforeLines : hunk.afterLines;
  return line >= start && line < start + Math.max(1, length);
}

function isHunkPlace(given: unknown): given is HunkPlace {
  return typeof given === "object" && given !== null && "hunk" in given && "path" in given;
}

function tellRefusal(end: EditEnd, paths: readonly string[]): void {
  if (end.kind === "refused") tell(`${namesOf(paths)}: ${end.sentence}`);
}

function tell(sentence: string): void {
  void vscode.window.showWarningMessage(sentence);
}
