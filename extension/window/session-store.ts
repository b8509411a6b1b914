import { isSessionId, sessionFile, sessionIn } from "./session-file.ts";
import { decodeSession, encodeSession, type SavedSession } from "./stored-session.ts";

/** Chats that are kept; the ones used least lately go first. */
const SESSIONS_MAX = 32;
/** Files that could not be read, kept for whoever wants to look into it. */
const SET_ASIDE_MAX = 4;
/** What writing has left behind when the editor was killed in the middle of it. */
const OTHERS_MAX = 8;
/** Only chats with very many files get there, and reading them back would take seconds. */
const SESSION_CHARACTERS_MAX = 32 * 1024 * 1024;

const SET_ASIDE = ".unreadable";

export type StoredText = { readonly name: string; readonly writtenMs: number };

/** Whether a text moves to the front of the list when it is written, or stays at its place. */
export type PlaceInList = "first" | "same";

/** The port to a folder of texts. A failure to read or write rejects. */
export interface TextStore {
  /** All of them, those written last first. */
  list(): Promise<readonly StoredText[]>;
  /** `null` when there is no such text. */
  read(name: string): Promise<string | null>;
  /** Whoever reads sees the old text or the new one, never a part. */
  write(name: string, text: string, place?: PlaceInList): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

type Found = { readonly kind: "found"; readonly session: SavedSession } | { readonly kind: "none" };

export type Loaded =
  | Found
  /** Written by a version of Kvasir that comes after this one. */
  | { readonly kind: "newer" }
  | { readonly kind: "damaged" };

/** `lost` has one sentence for the user. */
export type Claimed = Found | { readonly kind: "lost"; readonly sentence: string };

/** What a list of sessions shows of one. */
export type SessionSummary = {
  readonly id: string;
  readonly label: string;
  /** Questions that were asked in it. */
  readonly questions: number;
  readonly savedMs: number;
};

/** The chats of a workspace, beyond the life of the editor's window. */
export class SessionStore {
  readonly #texts: TextStore;

  constructor(texts: TextStore) {
    this.#texts = texts;
  }

  /** Looks, and changes nothing. */
  async load(id: string): Promise<Loaded> {
    if (!isSessionId(id)) return { kind: "none" };
    const text = await this.#texts.read(sessionFile(id));
    if (text === null) return { kind: "none" };
    const decoded = decodeSession(text);
    if (decoded.kind === "newer") return { kind: "newer" };
    const isWhole = decoded.kind === "session" && decoded.session.id === id;
    return isWhole ? { kind: "found", session: decoded.session } : { kind: "damaged" };
  }

  /**
   * For a chat that goes on. A file that cannot be read is set aside, which is said only once, so it has
   * to be said to whoever goes on.
   */
  async claim(id: string): Promise<Claimed> {
    const loaded = await this.load(id);
    if (loaded.kind === "newer") {
      const sentence =
        "What was kept of this chat is from a newer version of Kvasir, so it is told again.";
      return { kind: "lost", sentence };
    }
    if (loaded.kind !== "damaged") return loaded;
    const aside = id + SET_ASIDE;
    await this.#texts.rename(sessionFile(id), aside);
    const sentence = `What was kept of this chat cannot be read, so it is told again; the file was set aside as ${aside}.`;
    return { kind: "lost", sentence };
  }

  /** The chat that was used last. */
  async latest(): Promise<string | null> {
    const ids = (await this.#texts.list()).map(({ name }) => sessionIn(name));
    return ids.find((id) => id !== null) ?? null;
  }

  /** Keeps a chat, or says in one sentence why not. Its place is the same when nobody has used it. */
  async save(session: SavedSession, place: PlaceInList = "first"): Promise<string | null> {
    const text = encodeSession(session);
    if (text.length > SESSION_CHARACTERS_MAX) {
      return "This chat has become too large to be kept beyond this window.";
    }
    await this.#texts.write(sessionFile(session.id), text, place);
    await this.#prune();
    return null;
  }

  /** The chats in which something was asked, those used last first. What cannot be read is left out. */
  async list(): Promise<readonly SessionSummary[]> {
    const summaries: SessionSummary[] = [];
    // One after the other, because some of them may be large.
    for (const { name, writtenMs } of await this.#texts.list()) {
      const sessionId = sessionIn(name);
      if (sessionId === null) continue;
      const text = await this.#texts.read(name);
      const decoded = text === null ? null : decodeSession(text);
      if (decoded?.kind !== "session" || decoded.session.id !== sessionId) continue;
      const { id, turns } = decoded.session;
      const questions = turns.filter(({ act }) => act === "ask").length;
      const label = labelOf(decoded.session);
      if (label !== "") summaries.push({ id, label, questions, savedMs: writtenMs });
    }
    return summaries;
  }

  async remove(id: string): Promise<void> {
    if (isSessionId(id)) await this.#texts.remove(sessionFile(id));
  }

  async #prune(): Promise<void> {
    const names = (await this.#texts.list()).map(({ name }) => name);
    const isSession = (name: string): boolean => sessionIn(name) !== null;
    const isSetAside = (name: string): boolean => name.endsWith(SET_ASIDE);
    const surplus = [
      ...names.filter(isSession).slice(SESSIONS_MAX),
      ...names.filter(isSetAside).slice(SET_ASIDE_MAX),
      ...names.filter((name) => !isSession(name) && !isSetAside(name)).slice(OTHERS_MAX),
    ];
    for (const name of surplus) await this.#texts.remove(name);
  }
}

/** What people know a session by: the name they gave it, or its first message. */
export function labelOf({ name, title }: Pick<SavedSession, "name" | "title">): string {
  return name ?? title;
}
