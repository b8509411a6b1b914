import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeSession, type SavedSession } from "../../../extension/window/stored-session.ts";

const STORED_CHAT = /kvasir\.kvasir[/\\]chats[/\\].*\.json$/;

/** The sessions that Kvasir has kept, those written last first. */
export function storedChats(userFolder: string): SavedSession[] {
  return readdirSync(userFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => STORED_CHAT.test(path))
    .map((path) => join(userFolder, path))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .flatMap((path) => {
      const decoded = decodeSession(readFileSync(path, "utf8"));
      return decoded.kind === "session" ? [decoded.session] : [];
    });
}

/** What users have asked in a session, as the model reads it. */
export function messagesIn({ window }: SavedSession): string[] {
  return window.context.segments.flatMap(({ kind, text }) => (kind === "message" ? [text] : []));
}
