import type { TextSegment } from "../../protocol/segment.ts";

/** The one segment of the context that is decoded from. */
export function promptSegment(text: string): TextSegment {
  return { id: "prompt", kind: "message", stability: "recent", role: "user", text };
}

export const PROMPT_TEXT = [
  "Explain how a language server keeps its copy of a document in step with the editor.",
  "Say what an edit carries, what a version number is for, and what happens after a mismatch.",
  "Then describe how the same idea would work for the context window of a language model,",
  "whose keys and values are expensive to compute and cheap to keep.",
].join("\n");
