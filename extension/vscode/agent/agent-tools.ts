import type { AgentTool } from "../../agent/tools/tool.ts";
import { toolSet } from "../../agent/tools/tool-set.ts";
import type { ToolKind } from "./agent-settings.ts";

/** All tools that a chat offers its model, in their order. */
export function agentTools(kind: Exclude<ToolKind, "none">): AgentTool[] {
  return toolSet(kind);
}
