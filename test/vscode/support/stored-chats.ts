import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { decodeSession, type SavedSession } from "../../../extension/window/stored-session.ts";
import type { EditorWindow } from "./editor-window.ts";
import { waitFor } from "./wait-for.ts";

/** For a test that reloads a window with its chat. */
export const RELOAD_TEST_MS_MAX = 240_000;
/** How long the editor may take to store what its chat view shows: it does so once a minute. */
const EDITOR_STORES_MS_MAX = 90_000;

const EDITORS_CHAT = /chatSessions[/\\].*\.jsonl?$/;
const STORED_CHAT = /kvasir\.kvasir[/\\]chats[/\\].*\.json$/;

/** The sessions that Kvasir has kept, those written last first. */
export function storedChats(userFolder: string): SavedSession[] {
  return filesIn(userFolder)
    .filter((path) => STORED_CHAT.test(path))
    .map((path) => join(userFolder, path))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .flatMap((path) => {
      const decoded = decodeSession(readFileSync(path, "utf8"));
      return decoded.kind === "session" ? [decoded.session] : [];
    });
}

/** Where the extension keeps the only chat that there is. */
export function storedChatPath(userFolder: string): string {
  const paths = filesIn(userFolder).filter((path) => STORED_CHAT.test(path));
  expect(paths).toHaveLength(1);
  return join(userFolder, paths[0]!);
}

/** The only chat that there is. */
export function storedChat(userFolder: string): SavedSession {
  const decoded = decodeSession(readFileSync(storedChatPath(userFolder), "utf8"));
  if (decoded.kind !== "session") throw new Error("The stored chat cannot be read.");
  return decoded.session;
}

/** What users have asked in a session, as the model reads it. */
export function messagesIn({ window }: SavedSession): string[] {
  return window.context.segments.flatMap(({ kind, text }) => (kind === "message" ? [text] : []));
}

/** Reloads a window with the only chat that there is, once the editor has stored all that its view shows. */
export async function reloadWithChat(window: EditorWindow, userFolder: string): Promise<void> {
  const turn = storedChat(userFolder).turns.at(-1)!.id;
  await waitFor(
    "the editor to store its chat",
    () => isInEditorsOwnStore(userFolder, turn),
    EDITOR_STORES_MS_MAX,
  );
  await window.reloadWithChat();
}

/** Whether the editor would show a turn again after a restart, with what the extension noted on it. */
function isInEditorsOwnStore(userFolder: string, turnId: string): boolean {
  return filesIn(userFolder)
    .filter((path) => EDITORS_CHAT.test(path))
    .some((path) => readFileSync(join(userFolder, path), "utf8").includes(turnId));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}
