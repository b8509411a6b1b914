import type { Segment, ToolCall } from "../../protocol/segment.ts";
import { labelOf } from "../window/session-store.ts";
import { type SavedSession, withoutVolatile } from "../window/stored-session.ts";
import { type PrivatePath, valueWithoutPaths } from "./private-paths.ts";

/**
 * A session as a recording that `kvasir replay` plays and `importSession` reads: what the model reads
 * now, a segment a line. Token ids stay behind: they are of use only to cells that are in memory.
 */
export function exportSession(session: SavedSession, paths: readonly PrivatePath[]): string {
  const { context, startedOn, droppedTurns } = withoutVolatile(session.window);
  const header = {
    source: "Kvasir",
    licence: "private",
    task: labelOf(session),
    agent: "Kvasir",
    model: "local",
    origin: "exported session",
    tools: context.tools.map((tool) => ({ type: "function", function: tool })),
    kvasir: { startedOn, droppedTurns },
  };
  return [header, ...context.segments.map(lineOf)]
    .map((line) => `${JSON.stringify(valueWithoutPaths(line, paths))}\n`)
    .join("");
}

function lineOf(segment: Segment): object {
  const { role, kind, stability, label, text: content } = segment;
  const kvasir = { kind, stability, ...(label === undefined ? {} : { label }) };
  if (segment.role === "tool") {
    const { toolCallId, toolName: name } = segment;
    return { role, tool_call_id: toolCallId, name, content, kvasir };
  }
  if (segment.role !== "assistant") return { role, content, kvasir };
  const { reasoning, toolCalls = [] } = segment;
  return {
    role,
    content,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(callOf) }),
    kvasir,
  };
}

function callOf({ id, name, arguments: given }: ToolCall): object {
  return { id, type: "function", function: { name, arguments: given } };
}
