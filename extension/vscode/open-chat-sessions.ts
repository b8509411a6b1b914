import type * as vscode from "vscode";
import { SessionStore } from "../window/session-store.ts";
import { agentScope } from "./agent/agent-scope.ts";
import { readAsked } from "./asked.ts";
import { chatsFolder } from "./chats-folder.ts";
import { ChatSessions, type ChatSessionsOptions } from "./chat-sessions.ts";
import { EditorFiles } from "./editor-files.ts";
import { FolderStore } from "./folder-store.ts";
import { openChatWindow } from "./open-chat-window.ts";
import { Power } from "./power.ts";
import { EditorContext } from "./providers/editor-context.ts";
import type { KeptContext } from "./providers/kept-context.ts";
import { SessionActs } from "./session-acts.ts";
import { SessionLibrary } from "./session-library.ts";
import { readPrefillAhead, readSummarises } from "./settings.ts";

type Options = Pick<ChatSessionsOptions, "connection" | "isModelLoaded"> & {
  readonly kept: KeptContext | null;
  readonly log: Pick<vscode.LogOutputChannel, "info" | "warn">;
};

export type OpenedSessions = {
  readonly files: EditorFiles;
  readonly surroundings: EditorContext;
  readonly sessions: ChatSessions;
  readonly library: SessionLibrary;
  readonly acts: SessionActs;
};

export function openChatSessions(
  context: vscode.ExtensionContext,
  { connection, isModelLoaded, kept, log }: Options,
): OpenedSessions {
  const store = new SessionStore(new FolderStore(chatsFolder(context)));
  const files = new EditorFiles();
  context.subscriptions.push(files);
  const surroundings = new EditorContext({ kept, onMissing: (sentence) => log.info(sentence) });
  const power = new Power();
  const mayPrepare = async (): Promise<boolean> => {
    const when = readPrefillAhead();
    return when === "always" || (when === "onPower" && !(await power.onBattery()));
  };
  const sessions = new ChatSessions({
    connection,
    isModelLoaded,
    files,
    store,
    later,
    mayPrepare,
    summarises: readSummarises,
    readAsked: async (turn) => await readAsked({ ...turn, prompt: turn.typed }, files, []),
    openWindow: async (id) =>
      await openChatWindow(id, await agentScope(), await surroundings.stableTexts()),
    onFailed: (error) => log.warn(String(error)),
  });
  const library = new SessionLibrary(store, sessions, kept?.earlier.sessions ?? null);
  return { files, surroundings, sessions, library, acts: new SessionActs(sessions, library) };
}

function later(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
}
