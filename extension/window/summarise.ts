import type { Conversation } from "../client/conversation.ts";
import { SUMMARY_REQUEST } from "./summary-request.ts";

/** Short enough to be worth less than what it replaces. */
export const SUMMARY_TOKENS_MAX = 256;

/**
 * Asks the model for a summary of the conversation, behind the conversation itself: all that it has
 * to read is resident. `null` when there is none. The conversation stays as it is.
 */
export async function summarise(
  conversation: Conversation,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    const { segment, stop } = await conversation.askAside(SUMMARY_REQUEST, {
      sampling: { temperature: 0 },
      maxTokens: SUMMARY_TOKENS_MAX,
      toolChoice: "none",
      ...(signal === undefined ? {} : { signal }),
    });
    const text = segment.text.trim();
    return stop === "cancelled" || text === "" ? null : text;
  } catch {
    // Most likely there is no room for it. What is left out is then only named.
    return null;
  }
}
