import type { ConversationAnswer } from "../client/conversation.ts";

/** Whether an answer was cut before the limit that was asked for, or without one. */
export function isShortened(
  { stop, usage }: Pick<ConversationAnswer, "stop" | "usage">,
  maxTokens: number | undefined,
): boolean {
  if (stop !== "maxTokens") return false;
  return maxTokens === undefined || usage.generatedTokens < maxTokens;
}
