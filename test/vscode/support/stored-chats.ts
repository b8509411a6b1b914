import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const PATH = /kvasir\.kvasir[/\\]chats[/\\].*\.json$/;

const StoredChat = z.object({
  turns: z.array(z.object({ id: z.string(), prompt: z.string() })),
  window: z.object({
    context: z.object({
      tools: z.array(z.object({ name: z.string() })),
      segments: z.array(z.object({ id: z.string(), role: z.string(), text: z.string() })),
    }),
  }),
});
export type StoredChat = z.infer<typeof StoredChat>;

/** What Kvasir has stored of the chat that was used last. */
export function latestChat(userFolder: string): StoredChat {
  const paths = readdirSync(userFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => PATH.test(path))
    .map((path) => join(userFolder, path));
  const [latest] = paths.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (latest === undefined) throw new Error("No chat is stored.");
  return StoredChat.parse(JSON.parse(readFileSync(latest, "utf8")));
}
