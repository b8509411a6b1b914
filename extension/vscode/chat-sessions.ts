import type { SidecarConnection } from "../client/connection.ts";
import { retell } from "../context/window/retell.ts";
import { openWindow } from "../context/window/open-window.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { type KnownTurn, resumePoint } from "../doors/resume-point.ts";
import { ContextWindow } from "../window/context-window.ts";
import type { FileSource } from "../window/file-source.ts";
import { Idle, type Later } from "../window/idle.ts";
import type { ChatTurn } from "./chat-history.ts";
import { readGuidance } from "./guidance.ts";
import { Notices } from "../doors/notices.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { readReferences } from "./references.ts";
import { today } from "./today.ts";

/** Chats kept as they were generated; an older one is rebuilt from its texts. */
const SESSIONS_MAX = 8;

export type ChatSession = {
  readonly id: string;
  readonly window: ContextWindow;
  /** Takes changes in while nobody waits. */
  readonly idle: Idle;
  readonly opened: WindowState;
  readonly notices: Notices;
  turns: readonly (KnownTurn & { readonly after: WindowState })[];
  busy: boolean;
};

export type ChatSessionsOptions = {
  readonly connection: SidecarConnection;
  readonly files: FileSource;
  readonly later: Later;
  readonly isModelLoaded: () => boolean;
  readonly summarises: () => boolean;
  readonly onIdleFailed: (error: unknown) => void;
};

/** The chats of this window that Kvasir remembers. */
export class ChatSessions {
  readonly #options: ChatSessionsOptions;
  readonly #sessions: RecentlyUsed<ChatSession>;

  constructor(options: ChatSessionsOptions) {
    this.#options = options;
    this.#sessions = new RecentlyUsed(SESSIONS_MAX, ({ window, idle }) => {
      idle
        .stop()
        .then(() => window.close())
        .catch(options.onIdleFailed);
    });
  }

  /**
   * The session that these turns belong to, in the state in which they left it. It is the
   * caller's until it is no longer busy.
   */
  async resume(past: readonly ChatTurn[]): Promise<ChatSession> {
    const session = this.#idleSession(past) ?? (await this.#open());
    session.busy = true;
    await session.idle.stop();
    const { keptTurns, replayFrom } = resumePoint(session.turns, past);
    const { window, opened } = session;
    if (keptTurns < session.turns.length) {
      session.turns = session.turns.slice(0, keptTurns);
      window.restore(session.turns.at(-1)?.after ?? opened);
    }
    for (const turn of past.slice(replayFrom)) {
      if (!turn.failed) await this.#retell(window, turn);
    }
    return session;
  }

  /** A turn told again from what the chat view shows of it. */
  async #retell(window: ContextWindow, { references, prompt, answer }: ChatTurn): Promise<void> {
    const { files, texts } = await readReferences(references, this.#options.files);
    window.update((state) => retell(state, { files, texts, message: prompt, answer }));
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
    const idle = new Idle(this.#options.later, (signal) => this.#settle(id, signal));
    const notices = new Notices();
    for (const refusal of refusals) notices.add(refusal);
    const window = new ContextWindow(
      {
        ...this.#options,
        onNotice: (sentence) => notices.add(sentence),
        onStale: () => idle.schedule(),
      },
      opened,
    );
    const session = { id, window, idle, opened, notices, turns: [], busy: false };
    this.#sessions.set(id, session);
    return session;
  }

  async #settle(id: string, signal: AbortSignal): Promise<void> {
    const session = this.#sessions.peek(id);
    if (session === undefined || session.busy) return;
    try {
      await session.window.settle(signal);
    } catch (error) {
      // The next turn does what this could not, and says why if it cannot either.
      this.#options.onIdleFailed(error);
    }
  }
}
