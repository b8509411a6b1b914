import * as vscode from "vscode";
import { AGENT_LIMITS_DEFAULT, type AgentLimits } from "../../agent/agent-limits.ts";
import { type CommandRule, parseCommandRule } from "../../agent/approvals/command-rules.ts";
import { readTurnOptions } from "../settings.ts";

const SECTION = "kvasir.agent";

/** Which tools the model is offered; with none the chat only answers. */
export type ToolKind = "full" | "minimal" | "none";

/** What the settings say, where tools may run at all. */
export function readToolKind(): ToolKind {
  if (!vscode.workspace.isTrusted) return "none";
  return vscode.workspace.getConfiguration(SECTION).get<ToolKind>("tools", "full");
}

export function readAgentLimits(): AgentLimits {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const { stepsMax, turnTokensMax, answerTokensMax } = AGENT_LIMITS_DEFAULT;
  return {
    stepsMax: settings.get("stepsMax", stepsMax),
    turnTokensMax: settings.get("turnTokensMax", turnTokensMax),
    answerTokensMax: readTurnOptions().maxTokens ?? answerTokensMax,
  };
}

/** The user's own rules for the model. */
export function readUserRules(): string {
  return vscode.workspace.getConfiguration(SECTION).get("instructions", "");
}

export type AllowedBySettings = {
  readonly edits: boolean;
  readonly commands: readonly CommandRule[];
  /** Rules that name no command, as they were written. */
  readonly unreadable: readonly string[];
};

/** What needs no question. The manifest lets nobody but the user set these, no folder either. */
export function readAllowed(): AllowedBySettings {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const written = settings.get<readonly string[]>("allowedCommands", []);
  const rules = written.map((text) => ({ text, rule: parseCommandRule(text) }));
  return {
    edits: settings.get<string>("edits") === "allow",
    commands: rules.flatMap(({ rule }) => (rule === null ? [] : [rule])),
    unreadable: rules.flatMap(({ text, rule }) => (rule === null ? [text] : [])),
  };
}
