import * as vscode from "vscode";
import { openAgentWindow } from "../agent/open-agent-window.ts";
import { selectRules } from "../agent/rules/select-rules.ts";
import { sessionRules, USER_RULES } from "../agent/rules/session-rules.ts";
import { type GuidanceText, openWindow } from "../context/window/open-window.ts";
import { today } from "../window/today.ts";
import type { AgentScope } from "./agent/agent-scope.ts";
import { readAllowed, readUserRules } from "./agent/agent-settings.ts";
import { agentTools } from "./agent/agent-tools.ts";
import type { OpenedWindow } from "./chat-sessions.ts";
import { readGuidance } from "./guidance.ts";
import { INSTRUCTIONS } from "./instructions.ts";

const NOT_TRUSTED =
  "This workspace is not trusted, so Kvasir answers without tools: it reads only what you attach.";

/** The window of a new chat, for the agent or, without a scope, for answers without tools. */
export async function openChatWindow(
  id: string,
  scope: AgentScope | null,
  stable: readonly GuidanceText[],
): Promise<OpenedWindow> {
  if (scope !== null) return await openForAgent(id, scope, stable);
  const { guidance, refusals } = await readGuidance();
  const window = openWindow({
    id,
    instructions: INSTRUCTIONS,
    guidance: [...userRules(), ...guidance, ...stable],
    tools: [],
    startedOn: today(),
    transition: "agentCycle",
  });
  return { window, sentences: vscode.workspace.isTrusted ? refusals : [NOT_TRUSTED] };
}

/** They hold for answers without tools as well. */
function userRules(): GuidanceText[] {
  const { rules } = selectRules([{ label: USER_RULES, text: readUserRules() }]);
  return [...rules];
}

async function openForAgent(
  id: string,
  { kind, workspace }: AgentScope,
  stable: readonly GuidanceText[],
): Promise<OpenedWindow> {
  const { rules, sentences } = await sessionRules(workspace, {
    userText: readUserRules(),
    folder: "",
  });
  const window = openAgentWindow({
    id,
    prompt: kind,
    rules: [...rules, ...stable],
    tools: agentTools(kind, undefined),
    startedOn: today(),
  });
  return { window, sentences: [...sentences, ...readAllowed().unreadable.map(unreadableRule)] };
}

function unreadableRule(rule: string): string {
  return `“${rule}” in kvasir.agent.allowedCommands names no single command and allows nothing.`;
}
