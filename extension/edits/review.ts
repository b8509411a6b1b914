import { type FileBytes, sameBytes } from "./file-bytes.ts";
import { applyHunks, lineChanges, type Hunk } from "./line-changes.ts";
import { mergePreferringTheirs } from "./merge.ts";
import { decodeTextFile, encodeTextFile, type TextFile, UnencodableText } from "./text-file.ts";

/** What turns have made of a file since somebody last agreed with it. */
export type PendingChange = {
  /** What was agreed with. */
  readonly base: FileBytes;
  /** What the last turn left. What the file holds beyond that, somebody else has changed. */
  readonly agent: FileBytes;
};

/** A pending change as the file is now. */
export type Review =
  | { readonly kind: "settled" }
  | {
      readonly kind: "changed";
      /** The present text without what turns changed, but with what others did. */
      readonly original: string;
      readonly hunks: readonly Hunk[];
      /** How the file is written. */
      readonly file: TextFile;
      /** What the file would hold if all of it were rejected. */
      readonly originalBytes: Uint8Array;
    }
  | { readonly kind: "created"; readonly isUntouched: boolean }
  | { readonly kind: "deleted"; readonly originalBytes: Uint8Array }
  /** No text that could be taken apart and put together again, so all of it is one change. */
  | { readonly kind: "replaced"; readonly originalBytes: Uint8Array };

export function reviewOf({ base, agent }: PendingChange, present: FileBytes): Review {
  if (sameBytes(base, present)) return { kind: "settled" };
  if (present === null) {
    const byAgent = agent === null && base !== null;
    return byAgent ? { kind: "deleted", originalBytes: base } : { kind: "settled" };
  }
  // The turns' deletion was undone by whoever made the file anew.
  if (agent === null) return { kind: "settled" };
  if (base === null) return { kind: "created", isUntouched: sameBytes(agent, present) };
  return reviewOfText({ base, agent, present });
}

/** What was agreed with, and whatever others have changed since: how the file would be without the turns. */
export function agreedBytes(review: Review, present: FileBytes): FileBytes {
  if (review.kind === "settled") return present;
  return review.kind === "created" ? null : review.originalBytes;
}

/** What is pending once one hunk of a review is agreed with. */
export function acceptHunk(
  { original, hunks, file, originalBytes }: Extract<Review, { kind: "changed" }>,
  present: FileBytes,
  hunk: number,
): PendingChange {
  const agreed = applyHunks(original, hunks, new Set([hunk]));
  const isAll = hunks.length === 1;
  if (isAll) return { base: present, agent: present };
  // What was agreed with may be written in a way that has no bytes for a line which is now.
  const base = tryEncode(agreed, likeOriginal(originalBytes, file)) ?? encodeTextFile(agreed, file);
  return { base, agent: present };
}

/** What the file is to hold without one hunk of a review, and what is pending then. */
export function rejectHunk(
  { original, hunks, file, originalBytes }: Extract<Review, { kind: "changed" }>,
  hunk: number,
): { readonly after: Uint8Array; readonly change: PendingChange } {
  const others = new Set(hunks.map((_, index) => index).filter((index) => index !== hunk));
  const after =
    others.size === 0 ? originalBytes : encodeTextFile(applyHunks(original, hunks, others), file);
  return { after, change: { base: originalBytes, agent: after } };
}

function reviewOfText(bytes: {
  readonly base: Uint8Array;
  readonly agent: Uint8Array;
  readonly present: Uint8Array;
}): Review {
  const [base, agent, present] = [bytes.base, bytes.agent, bytes.present].map(decodeTextFile);
  if (base?.kind !== "text" || agent?.kind !== "text" || present?.kind !== "text") {
    return { kind: "replaced", originalBytes: bytes.base };
  }
  const { file } = present;
  const original = mergePreferringTheirs({
    base: agent.file.text,
    ours: file.text,
    theirs: base.file.text,
  });
  const hunks = lineChanges(original, file.text);
  if (hunks.length === 0) return { kind: "settled" };
  const encoded = tryEncode(original, file);
  // Somebody has saved it in an encoding that lacks what was agreed with: no hunk could be put back.
  if (encoded === null) return { kind: "replaced", originalBytes: bytes.base };
  const originalBytes = sameBytes(bytes.agent, bytes.present) ? bytes.base : encoded;
  return { kind: "changed", original, hunks, file, originalBytes };
}

/** `null` where the encoding of the file lacks a character of the text. */
function tryEncode(text: string, like: TextFile): Uint8Array | null {
  try {
    return encodeTextFile(text, like);
  } catch (error) {
    if (error instanceof UnencodableText) return null;
    throw error;
  }
}

/** Lines that come back have the ends that they had, also in a file where these differ. */
function likeOriginal(originalBytes: Uint8Array, present: TextFile): TextFile {
  const decoded = decodeTextFile(originalBytes);
  return decoded.kind === "text" ? decoded.file : present;
}
