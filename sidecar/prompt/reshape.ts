import type { TemplateCall, TemplateMessage } from "./template.ts";

/** Between texts that share a message. */
export const SEPARATOR = "\n\n";

/** Puts system messages before the user message that follows, for templates without the role. */
export function withoutSystem(messages: readonly TemplateMessage[]): TemplateMessage[] {
  const left: TemplateMessage[] = [];
  let carried = "";
  for (const message of messages) {
    if (message.role === "system") carried += message.content + SEPARATOR;
    else if (message.role === "user" || carried === "") {
      left.push({ ...message, content: carried + message.content });
      carried = "";
    } else {
      left.push({ role: "user", content: carried.trimEnd() }, message);
      carried = "";
    }
  }
  if (carried !== "") left.push({ role: "user", content: carried.trimEnd() });
  return left;
}

/** For templates that write either what was said or one call: says it first, then calls. */
export function splitCalls(
  said: TemplateMessage,
  calls: readonly TemplateCall[],
): TemplateMessage[] {
  const called = calls.map((call): TemplateMessage => ({
    role: "assistant",
    content: "",
    tool_calls: [call],
  }));
  if (said.content.trim() !== "") return [said, ...called];
  // Thoughts without a text stand before the first call.
  return [{ ...said, ...called[0] }, ...called.slice(1)];
}
