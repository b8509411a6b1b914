import type { EarlierSessions } from "../providers/earlier-sessions/earlier-sessions.ts";
import type { SessionStore, SessionSummary } from "../window/session-store.ts";
import type { SavedSession } from "../window/stored-session.ts";
import { type ChatSessions, savedOf } from "./chat-sessions.ts";

const ANSWERING = "This session is just answering; try again when it is done.";
const GONE = "This session is no longer there.";
const NEWER = "This session is from a newer version of Kvasir.";
const DAMAGED = "What was kept of this session cannot be read.";

/**
 * The sessions that are kept, for their list. What is in use belongs to `ChatSessions`; everything
 * else is in the store. Sentences say why something was not done.
 */
export class SessionLibrary {
  readonly #store: SessionStore;
  readonly #sessions: ChatSessions;
  /** Where else something is kept of a session. */
  readonly #earlier: Pick<EarlierSessions, "forget"> | null;

  constructor(
    store: SessionStore,
    sessions: ChatSessions,
    earlier: Pick<EarlierSessions, "forget"> | null,
  ) {
    this.#store = store;
    this.#sessions = sessions;
    this.#earlier = earlier;
  }

  async list(): Promise<readonly SessionSummary[]> {
    return await this.#store.list();
  }

  async read(id: string): Promise<SavedSession | string> {
    const open = this.#sessions.peek(id);
    if (open !== undefined) return savedOf(open);
    const loaded = await this.#store.load(id);
    if (loaded.kind === "found") return loaded.session;
    if (loaded.kind === "none") return GONE;
    return loaded.kind === "newer" ? NEWER : DAMAGED;
  }

  /** Gives a session a name; an empty one gives it back the name of its first message. */
  async rename(id: string, name: string): Promise<string | null> {
    const given = name.trim() === "" ? null : name.trim();
    const open = this.#sessions.peek(id);
    if (open !== undefined) {
      open.name = given;
      // While it answers, what is kept is the state before; it is kept anew when it is done.
      if (!open.busy) await this.#sessions.save(open, "same");
      return null;
    }
    const session = await this.read(id);
    if (typeof session === "string") return session;
    return await this.#store.save({ ...session, name: given }, "same");
  }

  async delete(id: string): Promise<string | null> {
    const open = this.#sessions.peek(id);
    if (open?.busy === true) return ANSWERING;
    if (open !== undefined) await this.#sessions.drop(open);
    await this.#store.remove(id);
    await this.#earlier?.forget(id);
    return null;
  }

  async add(session: SavedSession): Promise<string | null> {
    return await this.#store.save(session);
  }
}
