import {
  compactedSentence,
  NEW_SESSION_SENTENCE,
  resumedText,
} from "../doors/session-sentences.ts";
import type { Spoken } from "../doors/slash-line.ts";
import type { TurnAct } from "../window/stored-session.ts";
import type { ChatTurn } from "./chat-history.ts";
import { type ChatSession, type ChatSessions, savedOf } from "./chat-sessions.ts";
import type { TurnEnd, TurnRequest } from "./chat-turn.ts";
import type { SessionLibrary } from "./session-library.ts";

/** What slash commands do with sessions instead of asking the model something. */
export class SessionActs {
  readonly #sessions: ChatSessions;
  readonly #library: SessionLibrary;
  /** What was picked from the list; the chat that opens for it says only the name. */
  #picked: { readonly id: string; readonly label: string } | null = null;

  constructor(sessions: ChatSessions, library: SessionLibrary) {
    this.#sessions = sessions;
    this.#library = library;
  }

  /** The next `/resume` of this name means this session, whatever others are called. */
  pick(id: string, label: string): void {
    this.#picked = { id, label };
  }

  /** The session that a message is for, or a sentence that says why there is none. */
  async claim(spoken: Spoken, past: readonly ChatTurn[]): Promise<ChatSession | string> {
    if (spoken.command === "new") return await this.#sessions.begin();
    if (spoken.command !== "resume") return await this.#sessions.resume(past);
    const id = await this.#idOf(spoken.prompt.trim());
    if (id !== null) return await this.#sessions.continue(id);
    return "No session is called that; “Kvasir: Sessions” in the command palette lists them all.";
  }

  async #idOf(label: string): Promise<string | null> {
    const picked = this.#picked;
    this.#picked = null;
    if (picked !== null && picked.label === label) return picked.id;
    const found = (await this.#library.list()).find((session) => session.label === label);
    return found?.id ?? null;
  }
}

/** Does what a slash command says, and tells what came of it. */
export async function performAct(
  act: Exclude<TurnAct, "ask">,
  session: ChatSession,
  { stream, signal }: TurnRequest,
): Promise<TurnEnd> {
  if (act === "compact") {
    stream.progress("Making room…");
    stream.markdown(compactedSentence(await session.window.compact(signal)));
  } else if (act === "new") {
    stream.markdown(NEW_SESSION_SENTENCE);
  } else {
    stream.markdown(resumedText(savedOf(session)));
  }
  return { kind: "answered", cancelled: signal.aborted };
}
