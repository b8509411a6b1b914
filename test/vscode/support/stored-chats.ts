import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import * as z from "zod";

/** How long the editor may take to store what its chat view shows: it does so once a minute. */
export const EDITOR_STORES_MS_MAX = 90_000;

const EDITORS_CHAT = /chatSessions[/\\].*\.jsonl?$/;
const STORED_CHAT = /kvasir\.kvasir[/\\]chats[/\\].*\.json$/;

const StoredChat = z.object({
  turns: z.array(z.object({ id: z.string() })),
  window: z.object({
    context: z.object({
      segments: z.array(z.object({ generated: z.object({ tokens: z.array(z.int()) }).optional() })),
    }),
  }),
});
export type StoredChat = z.infer<typeof StoredChat>;

/** Where the extension keeps the only chat that there is. */
export function storedChatPath(userFolder: string): string {
  const paths = filesIn(userFolder).filter((path) => STORED_CHAT.test(path));
  expect(paths).toHaveLength(1);
  return join(userFolder, paths[0]!);
}

export function storedChat(userFolder: string): StoredChat {
  return StoredChat.parse(JSON.parse(readFileSync(storedChatPath(userFolder), "utf8")));
}

/** Whether the editor would show a turn again after a restart, with what the extension noted on it. */
export function isInEditorsOwnStore(userFolder: string, turnId: string): boolean {
  return filesIn(userFolder)
    .filter((path) => EDITORS_CHAT.test(path))
    .some((path) => readFileSync(join(userFolder, path), "utf8").includes(turnId));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}
