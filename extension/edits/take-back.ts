import { type FileBytes, sameBytes } from "./file-bytes.ts";
import { mergeFiles } from "./merge-files.ts";

export type TakenBack =
  | { readonly kind: "exactly" | "merged"; readonly bytes: FileBytes }
  | { readonly kind: "conflict"; readonly sentence: string };

/**
 * How a file reads without one change, from `before` to `after`, that was made to it at some time:
 * as before where nothing came later, else with what came later kept. `after` is undefined where it
 * is unknown.
 */
export function takeBack(
  current: FileBytes,
  before: FileBytes,
  after: FileBytes | undefined,
): TakenBack {
  if (sameBytes(current, before)) return { kind: "exactly", bytes: before };
  if (after !== undefined && sameBytes(before, after)) return { kind: "exactly", bytes: current };
  if (after === undefined) {
    return conflict("It is unknown how the interrupted turn left the file.");
  }
  if (sameBytes(current, after)) return { kind: "exactly", bytes: before };
  if (current === null) return conflict("The file was removed meanwhile.");
  if (before === null) return conflict("The turn made the file, and it was changed meanwhile.");
  if (after === null) return conflict("The turn removed the file, and it was made anew meanwhile.");
  return mergeFiles({ base: after, present: current, wanted: before });
}

function conflict(sentence: string): TakenBack {
  return { kind: "conflict", sentence };
}
