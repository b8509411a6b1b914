import type { Segment } from "../../../protocol/segment.ts";

let numbers = 0;

/** One call of a tool and its result, as they stand in a window. */
export function called(name: string, given: Record<string, unknown>, result: string): Segment[] {
  const id = `call-${++numbers}`;
  return [
    {
      id: `answer-${numbers}`,
      role: "assistant",
      kind: "answer",
      stability: "recent",
      text: "",
      toolCalls: [{ id, name, arguments: given }],
    },
    {
      id: `result-${numbers}`,
      role: "tool",
      kind: "toolResult",
      stability: "recent",
      toolCallId: id,
      toolName: name,
      text: result,
    },
  ];
}

export const ran = (command: string, code: number, output = ""): Segment[] =>
  called("run_command", { command, seconds: 9 }, `Exit code ${code}.\n${output}`.trimEnd());
export const edited = (path: string, result = `${path} is changed.`): Segment[] =>
  called("edit_file", { path, edits: [] }, result);
