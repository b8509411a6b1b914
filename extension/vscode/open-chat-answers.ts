import type * as vscode from "vscode";
import { agentScope } from "./agent/agent-scope.ts";
import { AgentTurns, type AgentTurnsOptions } from "./agent/agent-turns.ts";
import { ChatAnswers, type ChatAnswersOptions } from "./chat-answers.ts";
import type { ChatSessionsOptions } from "./chat-sessions.ts";
import { EditorFiles } from "./editor-files.ts";
import { openChatSessions } from "./open-chat-sessions.ts";
import { openChatWindow } from "./open-chat-window.ts";

type Options = Omit<AgentTurnsOptions, "files"> &
  Pick<ChatAnswersOptions, "onActivity" | "log"> &
  Pick<ChatSessionsOptions, "connection" | "isModelLoaded">;

/** Puts together what answers messages to `@kvasir`. */
export function openChatAnswers(context: vscode.ExtensionContext, options: Options): ChatAnswers {
  const { connection, isModelLoaded, onActivity, log } = options;
  const files = new EditorFiles();
  context.subscriptions.push(files);
  const sessions = openChatSessions(context, {
    connection,
    files,
    isModelLoaded,
    openWindow: async (id) => await openChatWindow(id, await agentScope()),
    onFailed: (error) => log.warn(String(error)),
  });
  const agent = new AgentTurns({ ...options, files });
  return new ChatAnswers({ sessions, agent, files, onActivity, log });
}
