import type { Segment, ToolCall } from "../../protocol/segment.ts";

/** A message of the language model API, freed of the editor's classes. */
export type Message = {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly toolResults: readonly { readonly callId: string; readonly text: string }[];
};

/** A segment that has no id yet. */
export type Wanted = Segment extends infer S ? (S extends Segment ? Omit<S, "id"> : never) : never;

/** A tool's name stands in its call only, while chat templates want it with the result too. */
const UNKNOWN_TOOL = "tool";

/** The segments that stateless messages stand for. Tool results precede the text beside them. */
export function wantedSegments(messages: readonly Message[]): Wanted[] {
  const toolNames = new Map<string, string>();
  return messages.flatMap(({ role, text, toolCalls, toolResults }, index): Wanted[] => {
    if (role === "assistant") {
      for (const { id, name } of toolCalls) toolNames.set(id, name);
      if (text === "" && toolCalls.length === 0) return [];
      const calls = toolCalls.length === 0 ? {} : { toolCalls: [...toolCalls] };
      return [{ role, kind: "answer", stability: "history", text: text.toWellFormed(), ...calls }];
    }
    const results = toolResults.map(({ callId, text: result }): Wanted => ({
      role: "tool",
      kind: "toolResult",
      stability: "history",
      toolCallId: callId,
      toolName: toolNames.get(callId) ?? UNKNOWN_TOOL,
      text: result.toWellFormed(),
      label: `result of ${toolNames.get(callId) ?? UNKNOWN_TOOL}`,
    }));
    if (text === "") return results;
    return [...results, textSegment(role, text, index)];
  });
}

function textSegment(role: "system" | "user", said: string, index: number): Wanted {
  // Half a character has no UTF-8, and so no tokens.
  const text = said.toWellFormed();
  return role === "system"
    ? { role, kind: "instructions", stability: "core", text, label: "instructions" }
    : { role, kind: "message", stability: "history", text, label: `message ${index + 1}` };
}
