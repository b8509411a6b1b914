import * as vscode from "vscode";
import type { EditEnd, FileEdit } from "../../agent/ports/edits.ts";
import type { FileBytes } from "../../edits/file-bytes.ts";
import type { Hunk } from "../../edits/line-changes.ts";
import { acceptHunk, agreedBytes, rejectHunk, type Review, reviewOf } from "../../edits/review.ts";
import type { ReviewLedger } from "../../edits/review-ledger.ts";
import { readCurrentFile } from "./current-file.ts";
import { applyEdits, type Journal, type WriteQueue } from "./editor-edits.ts";

/** A file with changes that nobody has agreed with yet. */
export type PendingFile = {
  readonly path: string;
  readonly present: FileBytes;
  readonly review: Exclude<Review, { kind: "settled" }>;
};

const APPLIED: EditEnd = { kind: "applied" };
/** A decision is no turn, so it is not kept for undo; the editor can undo it. */
const UNKEPT: Journal = { before: async () => undefined, after: async () => undefined };
const GONE: EditEnd = { kind: "refused", sentence: "this change is not there any more." };

/** What turns have changed and the user has not accepted or rejected yet. */
export class PendingReview {
  readonly #ledger: ReviewLedger;
  /** Turns write too, and what is pending must not change between a look and a decision. */
  readonly #writes: WriteQueue;
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

  constructor(ledger: ReviewLedger, writes: WriteQueue) {
    this.#ledger = ledger;
    this.#writes = writes;
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
    return await this.#decide(async () => {
      const found = await this.#find(path, hunk);
      if (found === null) return GONE;
      const { review, present, index } = found;
      await this.#ledger.set(path, acceptHunk(review, present, index));
      return APPLIED;
    });
  }

  async rejectHunk(path: string, hunk: Hunk): Promise<EditEnd> {
    return await this.#decide(async () => {
      const found = await this.#find(path, hunk);
      if (found === null) return GONE;
      const { review, present, index } = found;
      const { after, change } = rejectHunk(review, index);
      const end = await applyEdits([{ path, before: present, after }], UNKEPT);
      if (end.kind === "applied") await this.#ledger.set(path, change);
      return end;
    });
  }

  async accept(paths: readonly string[]): Promise<void> {
    await this.#decide(() => this.#ledger.settle(paths));
  }

  /** All or nothing, but for new files that somebody went on with: these stay, and are named. */
  async reject(paths: readonly string[]): Promise<{
    readonly end: EditEnd;
    readonly kept: readonly string[];
  }> {
    return await this.#decide(async () => {
      const edits: FileEdit[] = [];
      const kept: string[] = [];
      for (const file of await Promise.all(paths.map((path) => this.file(path)))) {
        if (file === null) continue;
        const { path, present, review } = file;
        if (review.kind === "created" && !review.isUntouched) kept.push(path);
        else edits.push({ path, before: present, after: agreedBytes(review, present) });
      }
      const end = await applyEdits(edits, UNKEPT);
      if (end.kind === "applied") await this.#ledger.settle(edits.map(({ path }) => path));
      return { end, kept };
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #decide<T>(decision: () => Promise<T>): Promise<T> {
    const end = await this.#writes.run(decision);
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
