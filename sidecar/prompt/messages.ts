import type {
  AnswerSegment,
  Segment,
  TextSegment,
  ToolResultSegment,
} from "../../protocol/segment.ts";

/** One message of the chat template: neighbouring segments of one role, or one tool result. */
export type Message =
  | { readonly role: "system" | "user"; readonly segments: readonly TextSegment[] }
  | { readonly role: "tool"; readonly segments: readonly [ToolResultSegment] }
  | { readonly role: "assistant"; readonly segments: readonly [AnswerSegment] };

/**
 * Groups segments into messages. Segments of one role join because most templates refuse two
 * user messages in a row; answers and tool results stay apart because each is one event.
 */
export function messagesOf(segments: readonly Segment[]): Message[] {
  const messages: Message[] = [];
  for (const segment of segments) {
    if (segment.role === "assistant") messages.push({ role: "assistant", segments: [segment] });
    else if (segment.role === "tool") messages.push({ role: "tool", segments: [segment] });
    else {
      const last = messages.at(-1);
      if (last?.role === segment.role) {
        messages[messages.length - 1] = {
          role: segment.role,
          segments: [...last.segments, segment],
        };
      } else messages.push({ role: segment.role, segments: [segment] });
    }
  }
  return messages;
}
