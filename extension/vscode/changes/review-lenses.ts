import * as vscode from "vscode";
import type { Hunk } from "../../edits/line-changes.ts";
import { Commands } from "../names.ts";
import { pathOf } from "./paths.ts";
import type { PendingReview } from "./pending-review.ts";

/** Hunks of a file that get lenses; beyond it there are the commands for the whole file. */
const LENSED_HUNKS_MAX = 500;

/** What a command for one hunk is told. */
export type HunkPlace = { readonly path: string; readonly hunk: Hunk };

/** “Accept” and “Reject” above every pending change of a file. */
export class ReviewLenses implements vscode.CodeLensProvider {
  readonly #review: PendingReview;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(review: PendingReview) {
    this.#review = review;
    this.onDidChangeCodeLenses = review.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (this.#review.paths.length === 0) return [];
    const path = await pathOf(document.uri);
    const file = path === null ? null : await this.#review.file(path);
    if (path === null || file === null) return [];
    const whole = [
      lens(document, 0, "$(check-all) Accept File", Commands.acceptFileChanges, document.uri),
      lens(document, 0, "$(discard) Reject File", Commands.rejectFileChanges, document.uri),
      lens(document, 0, "$(diff-multiple) Review", Commands.reviewChanges),
    ];
    if (file.review.kind !== "changed") return whole;
    const hunks = file.review.hunks.slice(0, LENSED_HUNKS_MAX).flatMap((hunk) => {
      const place: HunkPlace = { path, hunk };
      const line = hunk.afterIndex;
      return [
        lens(document, line, "$(check) Accept", Commands.acceptChange, place),
        lens(document, line, "$(discard) Reject", Commands.rejectChange, place),
      ];
    });
    return [...whole, ...hunks];
  }
}

function lens(
  document: vscode.TextDocument,
  line: number,
  title: string,
  command: string,
  ...args: readonly unknown[]
): vscode.CodeLens {
  const range = document.validateRange(new vscode.Range(line, 0, line, 0));
  return new vscode.CodeLens(range, { title, command, arguments: [...args] });
}
