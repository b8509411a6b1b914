import * as vscode from "vscode";
import type { EditEnd, FileEdit } from "../../agent/ports/edits.ts";
import type { FileBytes } from "../../edits/file-bytes.ts";
import type { Hunk } from "../../edits/line-changes.ts";
import { acceptHunk, agreedBytes, type Review, reviewOf, withoutHunk } from "../../edits/review.ts";
import type { ReviewLedger } from "../../edits/review-ledger.ts";
import { readCurrentFile } from "./current-file.ts";
import type { Journal } from "./editor-edits.ts";

/** A file with changes that nobody has agreed with yet. */
export type PendingFile = {
  readonly path: string;
  readonly present: FileBytes;
  readonly review: Exclude<Review, { kind: "settled" }>;
};

type Write = (edits: readonly FileEdit[]) => Promise<EditEnd>;

const APPLIED: EditEnd = { kind: "applied" };
const GONE: EditEnd = { kind: "refused", sentence: "this change is not there any more." };

/** What turns have changed and the user has not accepted or rejected yet. */
export class PendingReview {
  readonly #ledger: ReviewLedger;
  readonly #write: Write;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Something was changed, accepted or rejected. */
  readonly onDidChange = this.#changed.event;
  /** What was agreed with of files that are being written. */
  readonly #bases = new Map<string, FileBytes>();

  /** For the writes of turns. */
  readonly journal: Journal = {
    before: async (path, present) => {
      const change = await this.#ledger.get(path);
      const agreed = change && agreedBytes(reviewOf(change, present), present);
      this.#bases.set(path, agreed === undefined ? present : agreed);
    },
    after: async (path, agent) => {
      const base = this.#bases.get(path) ?? null;
      this.#bases.delete(path);
      await this.#ledger.set(path, { base, agent });
      this.#changed.fire();
    },
  };

  constructor(ledger: ReviewLedger, write: Write) {
    this.#ledger = ledger;
    this.#write = write;
  }

  /** All files that may have something to review, the one that was changed last at the end. */
  get paths(): readonly string[] {
    return this.#ledger.paths;
  }

  async file(path: string): Promise<PendingFile | null> {
    const change = await this.#ledger.get(path);
    if (change === undefined) return null;
    const read = await readCurrentFile(path);
    if (read.kind === "refused") return null;
    const present = read.file.bytes;
    const review = reviewOf(change, present);
    return review.kind === "settled" ? null : { path, present, review };
  }

  async files(): Promise<readonly PendingFile[]> {
    const files = await Promise.all(this.paths.map((path) => this.file(path)));
    return files.filter((file) => file !== null);
  }

  /** Says that something else, such as an undo, may have settled changes. */
  refresh(): void {
    this.#changed.fire();
  }

  async acceptHunk(path: string, hunk: Hunk): Promise<EditEnd> {
    const found = await this.#find(path, hunk);
    if (found === null) return GONE;
    const { review, present, index } = found;
    await this.#ledger.set(path, acceptHunk(review, present, index));
    this.#changed.fire();
    return APPLIED;
  }

  /** A rejection is an edit like that of a user, who can undo it, and then it is pending again. */
  async rejectHunk(path: string, hunk: Hunk): Promise<EditEnd> {
    const found = await this.#find(path, hunk);
    if (found === null) return GONE;
    const { review, present, index } = found;
    const after = withoutHunk(review, index);
    return await this.#reject([{ path, before: present, after }]);
  }

  async accept(paths: readonly string[]): Promise<void> {
    await this.#ledger.settle(paths);
    this.#changed.fire();
  }

  /** All or nothing, but for new files that somebody went on with: these stay, and are named. */
  async reject(paths: readonly string[]): Promise<{
    readonly end: EditEnd;
    readonly kept: readonly string[];
  }> {
    const files = await Promise.all(paths.map((path) => this.file(path)));
    const edits: FileEdit[] = [];
    const kept: string[] = [];
    for (const file of files) {
      if (file === null) continue;
      const { path, present, review } = file;
      if (review.kind === "created" && !review.isUntouched) kept.push(path);
      else edits.push({ path, before: present, after: agreedBytes(review, present) });
    }
    return { end: await this.#reject(edits), kept };
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #reject(edits: readonly FileEdit[]): Promise<EditEnd> {
    const end = await this.#write(edits);
    this.#changed.fire();
    return end;
  }

  /** The hunk may have moved since it was shown; it is known by its lines. */
  async #find(path: string, { beforeLines, afterLines, afterIndex }: Hunk) {
    const file = await this.file(path);
    if (file?.review.kind !== "changed" || file.present === null) return null;
    const { review, present } = file;
    const [before, after] = [beforeLines.join(""), afterLines.join("")];
    const distance = (hunk: Hunk): number => Math.abs(hunk.afterIndex - afterIndex);
    const [nearest] = review.hunks
      .filter((hunk) => hunk.beforeLines.join("") === before && hunk.afterLines.join("") === after)
      .toSorted((a, b) => distance(a) - distance(b));
    return nearest === undefined ? null : { review, present, index: review.hunks.indexOf(nearest) };
  }
}
