import { type FileBytes, sameBytes } from "./file-bytes.ts";
import { mergeFiles } from "./merge-files.ts";

export type PlannedWrite =
  | { readonly kind: "write"; readonly bytes: FileBytes }
  /** Somebody else's change does not go together with this one; the sentence is for the model. */
  | { readonly kind: "refused"; readonly sentence: string };

/**
 * What to write for a change from `before` to `after` to a file that holds `present`: a change that
 * somebody else made meanwhile stays, where the two can go together.
 */
export function planWrite(
  { before, after }: { readonly before: FileBytes; readonly after: FileBytes },
  present: FileBytes,
): PlannedWrite {
  if (sameBytes(present, before)) return { kind: "write", bytes: after };
  if (present === null || before === null || after === null) {
    const what = present === null ? "deleted" : "changed";
    return refused(`it was ${what} by somebody else meanwhile.`);
  }
  const merged = mergeFiles({ base: before, present, wanted: after });
  return merged.kind === "merged"
    ? { kind: "write", bytes: merged.bytes }
    : refused(merged.sentence);
}

function refused(sentence: string): PlannedWrite {
  return { kind: "refused", sentence: `${sentence} Read it again.` };
}
