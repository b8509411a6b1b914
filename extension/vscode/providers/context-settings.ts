import * as vscode from "vscode";
import { CONTEXT_TOKENS_DEFAULT, type ContextTokens } from "../../providers/context-tokens.ts";

/** Tokens for each text about the workspace; 0 for those that are switched off. */
export function readContextTokens(): ContextTokens {
  const settings = vscode.workspace.getConfiguration("kvasir.context");
  const tokens = (name: keyof ContextTokens): number => {
    const given = settings.get<unknown>(`${name}Tokens`);
    return typeof given === "number" ? given : CONTEXT_TOKENS_DEFAULT[name];
  };
  return {
    codeStyle: tokens("codeStyle"),
    lessons: tokens("lessons"),
    search: tokens("search"),
    imports: tokens("imports"),
    problems: tokens("problems"),
    gitStatus: tokens("gitStatus"),
    earlierSessions: tokens("earlierSessions"),
  };
}
