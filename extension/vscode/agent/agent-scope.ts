import { readToolKind, type ToolKind } from "./agent-settings.ts";
import { EditorWorkspace } from "./editor-workspace.ts";

/** Where and with what the agent works. */
export type AgentScope = {
  readonly kind: Exclude<ToolKind, "none">;
  readonly workspace: EditorWorkspace;
};

/** `null` where no tool may run, or where there is nothing that one could work on. */
export async function agentScope(): Promise<AgentScope | null> {
  const kind = readToolKind();
  if (kind === "none") return null;
  const workspace = await EditorWorkspace.open();
  return workspace === null ? null : { kind, workspace };
}
