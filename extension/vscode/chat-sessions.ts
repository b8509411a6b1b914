import type { SidecarConnection } from "../client/connection.ts";
import { append } from "../context/change.ts";
import { openWindow } from "../context/window/open-window.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { type KnownTurn, resumePoint } from "../doors/resume-point.ts";
import { ContextWindow } from "../window/context-window.ts";
import { type ChatTurn, retold } from "./chat-history.ts";
import { readGuidance } from "./guidance.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { today } from "./today.ts";

/** Chats kept as they were generated; an older one is rebuilt from its texts. */
const SESSIONS_MAX = 8;

export type ChatSession = {
  readonly id: string;
  readonly window: ContextWindow;
  readonly opened: WindowState;
  /** Sentences for the user that have not been shown yet. */
  notices: readonly string[];
  turns: readonly (KnownTurn & { readonly after: WindowState })[];
  busy: boolean;
};

/** The chats of this window that Kvasir remembers. */
export class ChatSessions {
  readonly #connection: SidecarConnection;
  readonly #sessions: RecentlyUsed<ChatSession>;

  constructor(connection: SidecarConnection, onCloseFailed: (error: unknown) => void) {
    this.#connection = connection;
    this.#sessions = new RecentlyUsed(SESSIONS_MAX, ({ window }) => {
      window.close().catch(onCloseFailed);
    });
  }

  /**
   * The session that these turns belong to, in the state in which they left it. It is the
   * caller's until it is no longer busy.
   */
  async resume(past: readonly ChatTurn[]): Promise<ChatSession> {
    const session = this.#idleSession(past) ?? (await this.#open());
    session.busy = true;
    const { keptTurns, replayFrom } = resumePoint(session.turns, past);
    session.turns = session.turns.slice(0, keptTurns);
    const missing = past.slice(replayFrom).filter(({ failed }) => !failed);
    const segments = (await Promise.all(missing.map((turn) => retold(turn)))).flat();
    const { window, opened } = session;
    const base = session.turns.at(-1)?.after ?? opened;
    if (window.state.context.segments !== base.context.segments) window.update(() => base);
    if (segments.length > 0) {
      window.update((state) => ({ ...state, context: append(state.context, segments) }));
    }
    return session;
  }

  #idleSession(past: readonly ChatTurn[]): ChatSession | null {
    const sessionId = past.findLast((turn) => turn.sessionId !== undefined)?.sessionId;
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
    return session === undefined || session.busy ? null : session;
  }

  async #open(): Promise<ChatSession> {
    const { guidance, refusals } = await readGuidance();
    const id = crypto.randomUUID();
    const opened = openWindow({
      id,
      instructions: INSTRUCTIONS,
      guidance,
      tools: [],
      startedOn: today(),
      transition: "agentCycle",
    });
    const window = new ContextWindow(this.#connection, opened);
    const session = { id, window, opened, notices: refusals, turns: [], busy: false };
    this.#sessions.set(id, session);
    return session;
  }
}
