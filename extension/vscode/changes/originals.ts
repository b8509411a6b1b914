import * as vscode from "vscode";
import { decodeTextFile } from "../../edits/text-file.ts";
import type { FileBytes } from "../../edits/file-bytes.ts";
import { readCurrentFile } from "./current-file.ts";
import { ORIGINAL_SCHEME, originalUri, pathOf } from "./paths.ts";
import type { PendingFile, PendingReview } from "./pending-review.ts";

/** Contents from before a turn that are shown beside what could not be taken back. */
const SHOWN_MAX = 50;

/** How files would read without what is pending; what the review compares them with. */
export class Originals implements vscode.TextDocumentContentProvider {
  readonly #review: PendingReview;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #shown = new Map<string, string>();
  #shownCount = 0;

  constructor(review: PendingReview) {
    this.#review = review;
    review.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === ORIGINAL_SCHEME && uri.query === "") this.#changed.fire(uri);
      }
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.query !== "") return this.#shown.get(uri.query) ?? "";
    const path = await pathOf(uri);
    if (path === null) return "";
    const file = await this.#review.file(path);
    if (file !== null) return originalText(file);
    // Nothing is pending any more, so there is no difference to show.
    const read = await readCurrentFile(path);
    return read.kind === "read" ? textOf(read.file.bytes) : "";
  }

  /** An address under which the editor can show a content of a file. */
  show(path: string, bytes: FileBytes): vscode.Uri {
    const name = `shown=${++this.#shownCount}`;
    this.#shown.set(name, textOf(bytes));
    const oldest = this.#shown.keys().next();
    if (this.#shown.size > SHOWN_MAX && !oldest.done) this.#shown.delete(oldest.value);
    return originalUri(path, name);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function originalText({ review }: PendingFile): string {
  if (review.kind === "changed") return review.original;
  return review.kind === "created" ? "" : textOf(review.originalBytes);
}

function textOf(bytes: FileBytes): string {
  const decoded = bytes === null ? undefined : decodeTextFile(bytes);
  return decoded?.kind === "text" ? decoded.file.text : "";
}
