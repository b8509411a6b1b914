import { FakeConnection } from "../client/fake-connection.test-support.ts";
import { openedWindow } from "../context/window/window.test-support.ts";
import { SessionStore } from "../window/session-store.ts";
import { Texts } from "../window/texts.test-support.ts";
import type { ChatTurn } from "./chat-history.ts";
import { ChatSessions, type ChatSessionsOptions } from "./chat-sessions.ts";

/** Sessions over a store in memory and a scripted sidecar. Time stands still: nothing is settled. */
export function chatSessions(options: Partial<ChatSessionsOptions> = {}) {
  const texts = new Texts();
  const store = new SessionStore(texts);
  const connection = new FakeConnection();
  const failures: unknown[] = [];
  const sessions = new ChatSessions({
    connection,
    store,
    files: {
      read: async (uri) => ({ uri, label: uri, language: "", content: { kind: "text", text: "" } }),
      watch: () => ({ dispose: () => undefined }),
    },
    later: () => () => undefined,
    isModelLoaded: () => false,
    summarises: () => false,
    readAsked: async ({ typed }) => {
      return { message: typed, title: typed, files: [], texts: [], refusals: [] };
    },
    openWindow: async (id) => ({ window: openedWindow({ id }), sentences: [] }),
    onFailed: (error) => failures.push(error),
    ...options,
  });
  return { sessions, store, texts, connection, failures };
}

/** A turn as the chat view shows it. */
export function shownTurn(typed: string, of: Partial<ChatTurn> = {}): ChatTurn {
  return {
    typed,
    prompt: typed,
    command: undefined,
    answer: "So.",
    references: [],
    failed: false,
    turnId: undefined,
    sessionId: undefined,
    ...of,
  };
}
