import type { TextSegment } from "../../protocol/segment.ts";
import { append, setTools } from "../context/change.ts";
import { type ContextState, emptyContext } from "../context/state.ts";
import { INSTRUCTIONS } from "./dialect/instructions.ts";
import type { Rule } from "./rules/select-rules.ts";
import type { AgentTool } from "./tools/tool.ts";

/** A context window before the agent's first turn: what every prompt of the session begins with. */
export function openAgentContext(options: {
  readonly id: string;
  readonly prompt: "full" | "minimal";
  readonly rules: readonly Rule[];
  readonly tools: readonly AgentTool[];
}): ContextState {
  const { id, prompt, rules, tools } = options;
  const instructions: TextSegment = {
    id: "instructions",
    role: "system",
    kind: "instructions",
    stability: "core",
    label: "instructions",
    text: INSTRUCTIONS[prompt],
  };
  const guidance = rules.map(({ label, text }, index): TextSegment => ({
    id: `rule-${index + 1}`,
    role: "system",
    kind: "guidance",
    stability: "guidance",
    label,
    text: `${label}:\n${text}`,
  }));
  const state = append(emptyContext(id), [instructions, ...guidance]);
  return setTools(
    state,
    tools.map(({ schema }) => schema),
  );
}
