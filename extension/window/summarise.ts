import type { Conversation } from "../client/conversation.ts";
import { append, remove } from "../context/change.ts";

/** Short enough to be worth less than what it replaces. */
export const SUMMARY_TOKENS_MAX = 256;

const REQUEST_ID = "summary-request";
const REQUEST =
  "Before the first part of this conversation is left out: say in at most 120 words what was asked " +
  "and decided in it, which files it was about, and what is still open. Answer with that alone.";

/**
 * Asks the model for a summary of the conversation, in the conversation itself: all that it has to
 * read is resident. `null` when there is none; the conversation is then as it was.
 */
export async function summarise(
  conversation: Conversation,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  conversation.update((state) =>
    append(state, [
      { id: REQUEST_ID, role: "user", kind: "message", stability: "recent", text: REQUEST },
    ]),
  );
  const gone = [REQUEST_ID];
  try {
    const { segment, stop } = await conversation.generate({
      sampling: { temperature: 0 },
      maxTokens: SUMMARY_TOKENS_MAX,
      toolChoice: "none",
      ...(signal === undefined ? {} : { signal }),
    });
    if (conversation.state.segments.some(({ id }) => id === segment.id)) gone.push(segment.id);
    const text = segment.text.trim();
    return stop === "cancelled" || text === "" ? null : text;
  } catch {
    // Most likely there is no room for it. What is left out is then only named.
    return null;
  } finally {
    conversation.update((state) => remove(state, gone));
  }
}
