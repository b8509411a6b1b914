import { encodeTextFile, type TextFile, UnencodableText } from "../../edits/text-file.ts";

type Encoded =
  | { readonly kind: "encoded"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly text: string };

/** A text that its file cannot hold is something a model can mend, so it is no exception here. */
export function encode(text: string, like: TextFile): Encoded {
  try {
    return { kind: "encoded", bytes: encodeTextFile(text, like) };
  } catch (error) {
    if (error instanceof UnencodableText) return { kind: "failed", text: error.message };
    throw error;
  }
}
