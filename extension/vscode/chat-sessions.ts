import { retell } from "../context/window/retell.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { Notices } from "../doors/notices.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { resumePoint } from "../doors/resume-point.ts";
import { ContextWindow, type ContextWindowOptions } from "../window/context-window.ts";
import { Idle, type Later } from "../window/idle.ts";
import type { SessionStore } from "../window/session-store.ts";
import type { SavedTurn } from "../window/stored-session.ts";
import type { ChatTurn } from "./chat-history.ts";
import { readReferences } from "./references.ts";

/** Chats kept open; one that was used less lately is read back from the store. */
const SESSIONS_MAX = 8;

export type ChatSession = {
  readonly id: string;
  readonly window: ContextWindow;
  /** Takes changes in while nobody waits. */
  readonly idle: Idle;
  readonly notices: Notices;
  turns: readonly SavedTurn[];
  busy: boolean;
};

export type ChatSessionsOptions = Omit<ContextWindowOptions, "onNotice" | "onStale"> & {
  readonly store: SessionStore;
  readonly later: Later;
  readonly onFailed: (error: unknown) => void;
  /** What every prompt of a new chat begins with. */
  readonly openWindow: (id: string) => Promise<OpenedWindow>;
};

export type OpenedWindow = {
  readonly window: WindowState;
  /** One sentence for everything that was left out. */
  readonly sentences: readonly string[];
};

/** The chats that Kvasir remembers. */
export class ChatSessions {
  readonly #options: ChatSessionsOptions;
  readonly #sessions: RecentlyUsed<ChatSession>;

  constructor(options: ChatSessionsOptions) {
    this.#options = options;
    this.#sessions = new RecentlyUsed(SESSIONS_MAX, ({ window, idle }) => {
      idle
        .stop()
        .then(() => window.close())
        .catch(options.onFailed);
    });
  }

  /**
   * The session that these turns belong to, in the state in which they left it. It is the
   * caller's until it is no longer busy.
   */
  async resume(past: readonly ChatTurn[]): Promise<ChatSession> {
    const session = await this.#claim(past);
    await session.idle.stop();
    const { keptTurns, replayFrom } = this.#goBack(session, past);
    session.turns = session.turns.slice(0, keptTurns);
    for (const turn of past.slice(replayFrom)) {
      if (!turn.failed) await this.#retell(session.window, turn);
    }
    return session;
  }

  /** Hands a session back, and keeps it beyond this window. Failures are not the user's matter. */
  async release(session: ChatSession): Promise<void> {
    session.busy = false;
    session.notices.announceWith(null);
    session.idle.schedule();
    await this.#save(session);
  }

  /** A user can edit or repeat an earlier message; what came behind it goes. */
  #goBack(
    { window, turns }: ChatSession,
    past: readonly ChatTurn[],
  ): { readonly keptTurns: number; readonly replayFrom: number } {
    const point = resumePoint(turns, past);
    if (point.keptTurns === turns.length) return point;
    const last = turns[point.keptTurns - 1];
    if (last !== undefined && window.rewind(last.lastSegmentId)) return point;
    window.rewind(null);
    return { keptTurns: 0, replayFrom: 0 };
  }

  /** A turn told again from what the chat view shows of it. */
  async #retell(window: ContextWindow, { references, prompt, answer }: ChatTurn): Promise<void> {
    const { files, texts } = await readReferences(references, this.#options.files);
    window.update((state) => retell(state, { files, texts, message: prompt, answer }));
  }

  /** Finds or opens the session and marks it at once, before another message can find it idle. */
  async #claim(past: readonly ChatTurn[]): Promise<ChatSession> {
    const id = past.findLast((turn) => turn.sessionId !== undefined)?.sessionId;
    const found = id === undefined ? null : (this.#sessions.get(id) ?? (await this.#read(id)));
    const session = found === null || found.busy ? await this.#open() : found;
    session.busy = true;
    return session;
  }

  async #read(id: string): Promise<ChatSession | null> {
    try {
      const loaded = await this.#options.store.load(id);
      if (loaded.kind === "none") return null;
      if (loaded.kind === "lost") {
        const session = await this.#open();
        session.notices.add(loaded.sentence);
        return session;
      }
      // Another message of the chat may have been faster.
      const { window, turns } = loaded.session;
      return this.#sessions.get(id) ?? this.#add(id, window, turns);
    } catch (error) {
      // The chat view still has the texts, so the chat goes on without what was kept.
      this.#options.onFailed(error);
      return null;
    }
  }

  async #open(): Promise<ChatSession> {
    const id = crypto.randomUUID();
    const { window, sentences } = await this.#options.openWindow(id);
    const session = this.#add(id, window, []);
    for (const sentence of sentences) session.notices.add(sentence);
    return session;
  }

  #add(id: string, state: WindowState, turns: readonly SavedTurn[]): ChatSession {
    const idle = new Idle(this.#options.later, (signal) => this.#settle(id, signal));
    const notices = new Notices();
    const window = new ContextWindow(
      {
        ...this.#options,
        onNotice: (sentence) => notices.add(sentence),
        onStale: () => idle.schedule(),
      },
      state,
    );
    const session: ChatSession = { id, window, idle, notices, turns, busy: false };
    this.#sessions.set(id, session);
    return session;
  }

  async #settle(id: string, signal: AbortSignal): Promise<void> {
    const session = this.#sessions.peek(id);
    if (session === undefined || session.busy) return;
    try {
      const { folded } = await session.window.settle(signal);
      if (folded) await this.#save(session);
    } catch (error) {
      // The next turn does what this could not, and says why if it cannot either.
      this.#options.onFailed(error);
    }
  }

  async #save({ id, window, turns, notices }: ChatSession): Promise<void> {
    try {
      const refusal = await this.#options.store.save({ id, turns, window: window.state });
      if (refusal !== null) notices.add(refusal);
    } catch (error) {
      this.#options.onFailed(error);
    }
  }
}
