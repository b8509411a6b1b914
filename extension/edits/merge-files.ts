import { mergeThreeWay } from "./merge.ts";
import { decodeTextFile, encodeTextFile, UnencodableText } from "./text-file.ts";

export type FilesMerged =
  | { readonly kind: "merged"; readonly bytes: Uint8Array }
  | { readonly kind: "conflict"; readonly sentence: string };

/**
 * Brings a change that was made from `base` into what a file holds at present, which somebody else
 * has made from the same base. The result is written the way the file is at present.
 */
export function mergeFiles(files: {
  readonly base: Uint8Array;
  readonly present: Uint8Array;
  readonly wanted: Uint8Array;
}): FilesMerged {
  const [base, present, wanted] = [files.base, files.present, files.wanted].map(decodeTextFile);
  if (base?.kind !== "text" || present?.kind !== "text" || wanted?.kind !== "text") {
    return conflict("The file was changed meanwhile and is no text that could be merged.");
  }
  const texts = { base: base.file.text, ours: present.file.text, theirs: wanted.file.text };
  const merged = mergeThreeWay(texts);
  if (merged.kind === "conflict") return conflict(merged.sentence);
  try {
    return { kind: "merged", bytes: encodeTextFile(merged.text, present.file) };
  } catch (error) {
    if (error instanceof UnencodableText) return conflict(error.message);
    throw error;
  }
}

function conflict(sentence: string): FilesMerged {
  return { kind: "conflict", sentence };
}
