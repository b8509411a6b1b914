import type { AgentTool } from "../../agent/tools/tool.ts";
import { toolSet } from "../../agent/tools/tool-set.ts";
import type { ToolKind } from "./agent-settings.ts";
import { editorTools, type InvocationToken } from "./editor-tools.ts";

/**
 * All tools that a chat offers its model, in their order. Very small models are offered none of other
 * extensions.
 *
 * @param token of the message that is answered; `undefined` where the tools are only described.
 */
export function agentTools(kind: Exclude<ToolKind, "none">, token: InvocationToken): AgentTool[] {
  return toolSet(kind, kind === "full" ? editorTools(token) : []);
}
