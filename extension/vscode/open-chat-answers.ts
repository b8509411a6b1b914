import type * as vscode from "vscode";
import { agentScope } from "./agent/agent-scope.ts";
import { AgentTurns, type AgentTurnsOptions } from "./agent/agent-turns.ts";
import { ChatAnswers, type ChatAnswersOptions } from "./chat-answers.ts";
import type { ChatSessionsOptions } from "./chat-sessions.ts";
import { EditorFiles } from "./editor-files.ts";
import { openChatSessions } from "./open-chat-sessions.ts";
import { openChatWindow } from "./open-chat-window.ts";
import { EditorContext } from "./providers/editor-context.ts";
import type { KeptContext } from "./providers/kept-context.ts";

type Options = Omit<AgentTurnsOptions, "files"> &
  Pick<ChatAnswersOptions, "onActivity" | "log"> &
  Pick<ChatSessionsOptions, "connection" | "isModelLoaded"> & { readonly kept: KeptContext | null };

/** Puts together what answers messages to `@kvasir`. */
export function openChatAnswers(context: vscode.ExtensionContext, options: Options): ChatAnswers {
  const { connection, isModelLoaded, kept, onActivity, log } = options;
  const surroundings = new EditorContext({ kept, onMissing: (sentence) => log.info(sentence) });
  const files = new EditorFiles();
  context.subscriptions.push(files);
  const sessions = openChatSessions(context, {
    connection,
    files,
    isModelLoaded,
    openWindow: async (id) =>
      await openChatWindow(id, await agentScope(), await surroundings.stableTexts()),
    onFailed: (error) => log.warn(String(error)),
  });
  const agent = new AgentTurns({ ...options, files });
  return new ChatAnswers({ sessions, agent, files, surroundings, onActivity, log });
}
