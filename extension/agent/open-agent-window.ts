import { openWindow } from "../context/window/open-window.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { INSTRUCTIONS } from "./dialect/instructions.ts";
import type { Rule } from "./rules/select-rules.ts";
import type { AgentTool } from "./tools/tool.ts";

/** A context window before the agent's first turn: what every prompt of the session begins with. */
export function openAgentWindow(options: {
  readonly id: string;
  readonly prompt: "full" | "minimal";
  readonly rules: readonly Rule[];
  readonly tools: readonly AgentTool[];
  /** As `2026-01-31`. */
  readonly startedOn: string;
}): WindowState {
  const { id, prompt, rules, tools, startedOn } = options;
  const window = openWindow({
    id,
    instructions: INSTRUCTIONS[prompt],
    guidance: rules,
    tools: [],
    startedOn,
    transition: "agentCycle",
  });
  // The agent's tools have an order of their own, in which models are trained to see them.
  const context = { ...window.context, tools: tools.map(({ schema }) => schema) };
  return { ...window, context };
}
