import { Conversation } from "../client/conversation.ts";
import type { SidecarConnection } from "../client/connection.ts";
import { append } from "../context/change.ts";
import { type ContextState, emptyContext } from "../context/state.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { type KnownTurn, resumePoint } from "../doors/resume-point.ts";
import { type ChatTurn, retold } from "./chat-history.ts";
import { INSTRUCTIONS } from "./instructions.ts";

/** Chats kept as they were generated; an older one is rebuilt from its texts. */
const SESSIONS_MAX = 8;

export type ChatSession = {
  readonly id: string;
  readonly conversation: Conversation;
  readonly opened: ContextState;
  turns: readonly (KnownTurn & { readonly after: ContextState })[];
  busy: boolean;
};

/** The chats of this window that Kvasir remembers. */
export class ChatSessions {
  readonly #connection: SidecarConnection;
  readonly #sessions: RecentlyUsed<ChatSession>;

  constructor(connection: SidecarConnection, onCloseFailed: (error: unknown) => void) {
    this.#connection = connection;
    this.#sessions = new RecentlyUsed(SESSIONS_MAX, ({ conversation }) => {
      conversation.close().catch(onCloseFailed);
    });
  }

  /**
   * The session that these turns belong to, in the state in which they left it. It is the
   * caller's until it is no longer busy.
   */
  async resume(past: readonly ChatTurn[]): Promise<ChatSession> {
    const session = this.#idleSession(past) ?? this.#open();
    session.busy = true;
    const { keptTurns, replayFrom } = resumePoint(session.turns, past);
    session.turns = session.turns.slice(0, keptTurns);
    const missing = past.slice(replayFrom).filter(({ failed }) => !failed);
    const segments = (await Promise.all(missing.map((turn) => retold(turn)))).flat();
    const { conversation, opened } = session;
    const base = session.turns.at(-1)?.after ?? opened;
    if (conversation.state.segments !== base.segments) conversation.update(() => base);
    if (segments.length > 0) conversation.update((state) => append(state, segments));
    return session;
  }

  #idleSession(past: readonly ChatTurn[]): ChatSession | null {
    const sessionId = past.findLast((turn) => turn.sessionId !== undefined)?.sessionId;
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    return session === undefined || session.busy ? null : session;
  }

  #open(): ChatSession {
    const id = crypto.randomUUID();
    const opened = append(emptyContext(id), [
      {
        id: "instructions",
        role: "system",
        kind: "instructions",
        stability: "core",
        label: "Kvasir's instructions",
        text: INSTRUCTIONS,
      },
    ]);
    const conversation = new Conversation(this.#connection, opened);
    const session: ChatSession = { id, conversation, opened, turns: [], busy: false };
    this.#sessions.set(id, session);
    return session;
  }
}
