import { mergeThreeWay } from "./merge.ts";
import { decodeTextFile, encodeTextFile, UnencodableText } from "./text-file.ts";

/** What a file holds; null where there is none. */
export type FileBytes = Uint8Array | null;

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
  if (after === undefined) {
    return conflict("It is unknown how the interrupted turn left the file.");
  }
  if (sameBytes(current, after)) return { kind: "exactly", bytes: before };
  if (current === null) return conflict("The file was removed meanwhile.");
  if (before === null) return conflict("The turn made the file, and it was changed meanwhile.");
  if (after === null) return conflict("The turn removed the file, and it was made anew meanwhile.");
  return mergedBytes(current, before, after);
}

export function sameBytes(a: FileBytes, b: FileBytes): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function mergedBytes(current: Uint8Array, before: Uint8Array, after: Uint8Array): TakenBack {
  const [ours, theirs, base] = [current, before, after].map(decodeTextFile);
  if (ours?.kind !== "text" || theirs?.kind !== "text" || base?.kind !== "text") {
    return conflict("The file was changed meanwhile and is no text that could be merged.");
  }
  const texts = { base: base.file.text, ours: ours.file.text, theirs: theirs.file.text };
  const merged = mergeThreeWay(texts);
  if (merged.kind === "conflict") return conflict(merged.sentence);
  try {
    return { kind: "merged", bytes: encodeTextFile(merged.text, ours.file) };
  } catch (error) {
    if (error instanceof UnencodableText) return conflict(error.message);
    throw error;
  }
}

function conflict(sentence: string): TakenBack {
  return { kind: "conflict", sentence };
}
