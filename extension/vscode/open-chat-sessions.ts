import * as vscode from "vscode";
import { SessionStore } from "../window/session-store.ts";
import { ChatSessions, type ChatSessionsOptions } from "./chat-sessions.ts";
import { FolderStore } from "./folder-store.ts";
import { Power } from "./power.ts";
import { SessionActs } from "./session-acts.ts";
import { SessionLibrary } from "./session-library.ts";
import { readPrefillAhead, readSummarises } from "./settings.ts";

type Options = Omit<ChatSessionsOptions, "store" | "later" | "summarises" | "mayPrepare">;

export type OpenedSessions = {
  readonly sessions: ChatSessions;
  readonly library: SessionLibrary;
  readonly acts: SessionActs;
};

/** Chats are kept with the workspace, or with the user where no folder is open. */
export function openChatSessions(
  { storageUri, globalStorageUri }: vscode.ExtensionContext,
  options: Options,
): OpenedSessions {
  const folder = vscode.Uri.joinPath(storageUri ?? globalStorageUri, "chats");
  const store = new SessionStore(new FolderStore(folder.fsPath));
  const power = new Power();
  const mayPrepare = async (): Promise<boolean> => {
    const when = readPrefillAhead();
    return when === "always" || (when === "onPower" && !(await power.onBattery()));
  };
  const sessions = new ChatSessions({
    ...options,
    ...{ store, later, mayPrepare, summarises: readSummarises },
  });
  const library = new SessionLibrary(store, sessions);
  return { sessions, library, acts: new SessionActs(sessions, library) };
}

function later(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
}
