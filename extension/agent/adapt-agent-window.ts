import type { WindowState } from "../context/window/window-state.ts";
import { INSTRUCTIONS } from "./dialect/instructions.ts";
import type { AgentTool } from "./tools/tool.ts";

/**
 * A window that was opened with other tools, or with none, for the tools of now. Everything behind
 * its front is prefilled anew, so a window that has them already stays as it is.
 */
export function adaptAgentWindow(
  window: WindowState,
  options: { readonly prompt: "full" | "minimal"; readonly tools: readonly AgentTool[] },
): WindowState {
  const { context } = window;
  const tools = options.tools.map(({ schema }) => schema);
  const text = INSTRUCTIONS[options.prompt];
  const hasTools = JSON.stringify(tools) === JSON.stringify(context.tools);
  const segments = context.segments.map((segment) =>
    segment.kind === "instructions" && segment.text !== text ? { ...segment, text } : segment,
  );
  if (hasTools && segments.every((segment, index) => segment === context.segments[index])) {
    return window;
  }
  return { ...window, context: { ...context, version: context.version + 1, segments, tools } };
}
