import type {
  AnswerSegment,
  Segment,
  TextSegment,
  Tool,
  ToolResultSegment,
} from "../../protocol/segment.ts";
import type { Window } from "./window.ts";

/** Short ways to write segments and windows in tests. */

export function system(id: string, text: string): TextSegment {
  return { id, text, role: "system", kind: "instructions", stability: "core" };
}

export function user(id: string, text: string): TextSegment {
  return { id, text, role: "user", kind: "message", stability: "recent" };
}

export function answer(
  id: string,
  text: string,
  more: Partial<Pick<AnswerSegment, "reasoning" | "toolCalls" | "generated">> = {},
): AnswerSegment {
  return { id, text, ...more, role: "assistant", kind: "answer", stability: "recent" };
}

export function toolResult(id: string, text: string): ToolResultSegment {
  return {
    id,
    text,
    role: "tool",
    kind: "toolResult",
    stability: "recent",
    toolCallId: `call of ${id}`,
    toolName: "look",
  };
}

export function windowOf(segments: readonly Segment[], tools: readonly Tool[] = []): Window {
  return { version: 1, segments, tools };
}
