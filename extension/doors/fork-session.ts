import type { SavedSession } from "../window/stored-session.ts";

/**
 * A session of its own that has gone the same way so far. Its cells are shared with the first one as
 * long as their prompts are the same.
 */
export function forkSession(session: SavedSession, id: string): SavedSession {
  const { window } = session;
  return { ...session, id, window: { ...window, context: { ...window.context, id } } };
}

/**
 * Whether another chat has gone on with a session behind its first turns. Those who go back there
 * must not take away from that chat what it builds on.
 */
export function isSharedBehind({ turns }: Pick<SavedSession, "turns">, kept: number): boolean {
  return turns.slice(kept).some(({ act }) => act === "resume");
}
