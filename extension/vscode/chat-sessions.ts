import { retell } from "../context/window/retell.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { Notices } from "../doors/notices.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { forkSession, isSharedBehind } from "../doors/fork-session.ts";
import { resumePoint } from "../doors/resume-point.ts";
import { actOf, sinceBeginning } from "../doors/slash-line.ts";
import { ContextWindow, type ContextWindowOptions } from "../window/context-window.ts";
import { Idle, type Later } from "../window/idle.ts";
import type { PlaceInList, SessionStore } from "../window/session-store.ts";
import type { SavedSession, SavedTurn } from "../window/stored-session.ts";
import type { Asked } from "./asked.ts";
import type { ChatTurn } from "./chat-history.ts";

/** Chats kept open; one that was used less lately is read back from the store. */
const SESSIONS_MAX = 8;

export type ChatSession = {
  readonly id: string;
  readonly window: ContextWindow;
  /** Takes changes in while nobody waits. */
  readonly idle: Idle;
  readonly notices: Notices;
  title: string;
  name: string | null;
  turns: readonly SavedTurn[];
  busy: boolean;
};

export type ChatSessionsOptions = Omit<ContextWindowOptions, "onNotice" | "onStale"> & {
  readonly store: SessionStore;
  readonly later: Later;
  readonly onFailed: (error: unknown) => void;
  /** What a turn of the chat view asked. */
  readonly readAsked: (turn: ChatTurn) => Promise<Asked>;
  /** What every prompt of a new chat begins with. */
  readonly openWindow: (id: string) => Promise<OpenedWindow>;
};

export type OpenedWindow = {
  readonly window: WindowState;
  /** One sentence for everything that was left out. */
  readonly sentences: readonly string[];
};

/** A session as it would be kept now. */
export function savedOf({ id, title, name, turns, window }: ChatSession): SavedSession {
  return { id, title, name, turns, window: window.state };
}

/** The chats that Kvasir remembers. */
export class ChatSessions {
  readonly #options: ChatSessionsOptions;
  readonly #sessions: RecentlyUsed<ChatSession>;

  constructor(options: ChatSessionsOptions) {
    this.#options = options;
    this.#sessions = new RecentlyUsed(
      SESSIONS_MAX,
      (session) => void this.#close(session),
      // One that answers goes on, however long it waits for an approval.
      ({ busy }) => !busy,
    );
  }

  /**
   * The session that these turns belong to, in the state in which they left it. It is the
   * caller's until it is no longer busy.
   */
  async resume(past: readonly ChatTurn[]): Promise<ChatSession> {
    const since = sinceBeginning(past);
    const session = await this.#claim(since);
    await session.idle.stop();
    const { window, turns } = session;
    const before = window.state;
    try {
      const { keptTurns, replayFrom } = this.#goBack(session, since);
      session.turns = turns.slice(0, keptTurns);
      for (const turn of since.slice(replayFrom)) {
        if (!turn.failed) await this.#retell(session, turn);
      }
      return session;
    } catch (error) {
      // As if it had not been asked for: half of it would be told twice the next time.
      session.turns = turns;
      window.restore(before);
      this.#handBack(session);
      throw error;
    }
  }

  /** A session in which nothing was said yet. */
  async begin(): Promise<ChatSession> {
    const session = await this.#open();
    session.busy = true;
    return session;
  }

  /** A session as it stands now, or a sentence that says why it cannot be had. */
  async continue(id: string): Promise<ChatSession | string> {
    const open = this.#sessions.get(id);
    if (open?.busy === true) return "This session is just answering; try again when it is done.";
    if (open !== undefined) open.busy = true;
    await open?.idle.stop();
    const session = open ?? (await this.#read(id));
    if (session === null) return "This session is no longer there.";
    session.busy = true;
    return session;
  }

  /** The sessions that are in use, as they are now. */
  peek(id: string): ChatSession | undefined {
    return this.#sessions.peek(id);
  }

  /** Lets go of a session that is open, without keeping it. Resolves when it writes nothing any more. */
  async drop(session: ChatSession): Promise<void> {
    this.#sessions.remove(session.id);
    await this.#close(session);
  }

  /** Hands a session back, and keeps it beyond this window. Failures are not the user's matter. */
  async release(session: ChatSession): Promise<void> {
    this.#handBack(session);
    await this.save(session);
    this.#sessions.evictSurplus();
  }

  /**
   * Has the model read the chat that was used last back from disk, before it is asked. Nothing is
   * computed for it: nobody knows yet whether that chat goes on.
   */
  async readBackLatest(): Promise<void> {
    try {
      const { store } = this.#options;
      const id = await store.latest();
      const loaded = id === null ? null : await store.load(id);
      // What cannot be read is for whoever goes on with it. A message may have been faster.
      if (loaded?.kind !== "found" || this.#sessions.peek(loaded.session.id) !== undefined) return;
      await this.#add(loaded.session).window.warm(undefined, { storedOnly: true });
    } catch (error) {
      // The next question does what this could not, and says why if it cannot either.
      this.#options.onFailed(error);
    }
  }

  #handBack(session: ChatSession): void {
    session.busy = false;
    session.notices.announceWith(null);
    session.idle.schedule();
  }

  /** Nobody waits for the sidecar, which may not run: it forgets in its own time. */
  async #close({ window, idle }: ChatSession): Promise<void> {
    await idle.stop();
    window.close().catch(this.#options.onFailed);
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
  async #retell(session: ChatSession, turn: ChatTurn): Promise<void> {
    if (actOf(turn.command, turn.typed) !== "ask") return;
    const { files, texts, message, title } = await this.#options.readAsked(turn);
    session.title ||= title;
    session.window.update((state) => retell(state, { files, texts, message, answer: turn.answer }));
  }

  /** Finds or opens the session and marks it at once, before another message can find it idle. */
  async #claim(past: readonly ChatTurn[]): Promise<ChatSession> {
    const id = past.findLast((turn) => turn.sessionId !== undefined)?.sessionId;
    const found = id === undefined ? null : (this.#sessions.get(id) ?? (await this.#read(id)));
    let session = found;
    if (session === null) session = await this.#open();
    else if (session.busy || isSharedBehind(session, resumePoint(session.turns, past).keptTurns)) {
      session = await this.#fork(session);
    }
    session.busy = true;
    return session;
  }

  /** What another message or another chat is using stays as it is; this one gets its own. */
  async #fork(session: ChatSession): Promise<ChatSession> {
    const id = crypto.randomUUID();
    if (!session.busy) return this.#add(forkSession(savedOf(session), id));
    // It is in the middle of a turn: what was kept last is whole.
    const loaded = await this.#options.store.load(session.id);
    if (loaded.kind !== "found") return await this.#open();
    return this.#add(forkSession(loaded.session, id));
  }

  async #read(id: string): Promise<ChatSession | null> {
    try {
      const loaded = await this.#options.store.claim(id);
      if (loaded.kind === "none") return null;
      if (loaded.kind === "lost") {
        const session = await this.#open();
        session.notices.add(loaded.sentence);
        return session;
      }
      // Another message of the chat may have been faster.
      return this.#sessions.get(id) ?? this.#add(loaded.session);
    } catch (error) {
      // The chat view still has the texts, so the chat goes on without what was kept.
      this.#options.onFailed(error);
      return null;
    }
  }

  async #open(): Promise<ChatSession> {
    const id = crypto.randomUUID();
    const { window, sentences } = await this.#options.openWindow(id);
    const session = this.#add({ id, title: "", name: null, turns: [], window });
    for (const sentence of sentences) session.notices.add(sentence);
    return session;
  }

  #add({ id, title, name, turns, window: state }: SavedSession): ChatSession {
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
    const session: ChatSession = { id, title, name, window, idle, notices, turns, busy: false };
    this.#sessions.set(id, session);
    return session;
  }

  async #settle(id: string, signal: AbortSignal): Promise<void> {
    const session = this.#sessions.peek(id);
    if (session === undefined || session.busy) return;
    try {
      const { folded } = await session.window.settle(signal);
      if (folded) await this.save(session, "same");
    } catch (error) {
      // The next turn does what this could not, and says why if it cannot either.
      this.#options.onFailed(error);
    }
  }

  /** Keeps a session beyond this window. */
  async save(session: ChatSession, place: PlaceInList = "first"): Promise<void> {
    try {
      const refusal = await this.#options.store.save(savedOf(session), place);
      if (refusal !== null) session.notices.add(refusal);
    } catch (error) {
      this.#options.onFailed(error);
    }
  }
}
