import type { AnswerSegment, Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import { PLAIN_CALL } from "../engine/call-syntax.ts";
import type { Window } from "../history/window.ts";

/** A window as a template sees it that may know nothing of tools. */
export type ToolForm = {
  readonly segments: readonly Segment[];
  /** For the template to write; empty when the preamble does. */
  readonly tools: readonly Tool[];
  readonly preamble: string;
};

/**
 * For templates that do not write tools: explains them in the system message, writes calls as text
 * and results as user messages. Other windows pass as they are.
 */
export function withPlainTools(window: Window, templateWritesTools: boolean): ToolForm {
  const { segments, tools } = window;
  if (templateWritesTools) return { segments, tools, preamble: "" };
  return {
    segments: segments.map(asPlain),
    tools: [],
    preamble: tools.length === 0 ? "" : explain(tools),
  };
}

function explain(tools: readonly Tool[]): string {
  const { marker, beforeName, beforeParameters, suffix } = PLAIN_CALL;
  const lines = tools.map(({ name, description, parameters }) =>
    JSON.stringify({ name, description, parameters: parameters ?? {} }),
  );
  return [
    "You can call these tools. Each line is one, with the JSON schema of its arguments:",
    ...lines,
    "To call one, write exactly this form, and wait for the result:",
    `${marker}${beforeName}NAME${beforeParameters}{ARGUMENTS}${suffix}`,
  ].join("\n");
}

function asPlain(segment: Segment): Segment {
  if (segment.role === "tool") {
    const { id, kind, stability, text } = segment;
    const result = `<tool_response>\n${text}\n</tool_response>`;
    return { id, kind, stability, role: "user", text: result };
  }
  if (segment.role === "assistant" && segment.toolCalls !== undefined) return plainAnswer(segment);
  return segment;
}

function plainAnswer({ toolCalls = [], ...answer }: AnswerSegment): AnswerSegment {
  const parts = [answer.text, ...toolCalls.map(plainCall)].filter((part) => part !== "");
  return { ...answer, text: parts.join("\n") };
}

function plainCall(call: ToolCall): string {
  const { marker, beforeName, beforeParameters, suffix } = PLAIN_CALL;
  const parameters = JSON.stringify(call.arguments);
  return marker + beforeName + call.name + beforeParameters + parameters + suffix;
}
