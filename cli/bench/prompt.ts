import type { TextSegment } from "../../protocol/segment.ts";

/** The one segment of the context that is decoded from. */
export function promptSegment(text: string): TextSegment {
  return { id: "prompt", kind: "message", stability: "recent", role: "user", text };
}

/**
 * Short enough to be prefilled in one batch on both paths: rounding depends on how a prompt is cut
 * into batches, and where two tokens are nearly as likely it decides which one is greedy.
 */
export const PROMPT_TEXT = "Explain how a language server keeps its copy of a document in step.";
