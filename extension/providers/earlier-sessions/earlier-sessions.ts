import * as z from "zod";
import type { TextStore } from "../../window/session-store.ts";
import { fittingLines } from "../context-tokens.ts";
import { fileName, type SessionSummary, summaryOf, type TalkedSession } from "./session-summary.ts";

const INDEX_FILE = "earlier-sessions.json";
/** As many as there are chats that are kept. */
const SUMMARIES_MAX = 32;
const FILES_SHOWN_MAX = 3;

const Index = z.object({
  schema: z.literal(1),
  summaries: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      files: z.array(z.string()),
      outcome: z.string(),
    }),
  ),
});

/**
 * One line about each earlier chat, kept beside the chats: reading all of those, which hold whole
 * files, would take longer than a turn may wait.
 */
export class EarlierSessions {
  readonly #texts: Pick<TextStore, "read" | "write">;

  constructor(texts: Pick<TextStore, "read" | "write">) {
    this.#texts = texts;
  }

  /** Remembers how a chat stands now, and no words of one that is no longer kept. */
  async note(session: TalkedSession, keptIds: ReadonlySet<string>): Promise<void> {
    const summary = summaryOf(session);
    if (summary === null) return;
    const known = await this.#read();
    const others = known.filter(({ id }) => id !== summary.id && keptIds.has(id));
    await this.#write([summary, ...others].slice(0, SUMMARIES_MAX));
  }

  /** Keeps nothing of a chat that its user deletes. */
  async forget(id: string): Promise<void> {
    const known = await this.#read();
    const others = known.filter((summary) => summary.id !== id);
    if (others.length < known.length) await this.#write(others);
  }

  /** What earlier chats did with these files; the latest first. */
  async text(options: {
    readonly files: readonly string[];
    /** The chat that asks. */
    readonly id: string;
    /** Chats that are still kept: what a user has deleted is not told of. */
    readonly keptIds: ReadonlySet<string>;
    readonly charactersMax: number;
  }): Promise<string> {
    const { id: own, keptIds, charactersMax } = options;
    const files = new Set(options.files);
    if (files.size === 0) return "";
    const summaries = await this.#read();
    const lines = summaries
      .filter(({ id }) => id !== own && keptIds.has(id))
      .map((summary) => ({ summary, shared: summary.files.filter((file) => files.has(file)) }))
      .filter(({ shared }) => shared.length > 0)
      .map(({ summary, shared }) => lineOf(summary, shared));
    return fittingLines(lines, charactersMax).join("\n");
  }

  async #write(summaries: readonly SessionSummary[]): Promise<void> {
    await this.#texts.write(INDEX_FILE, JSON.stringify({ schema: 1, summaries }));
  }

  /** What cannot be read is begun anew: it says nothing that the chats do not say. */
  async #read(): Promise<readonly SessionSummary[]> {
    const text = await this.#texts.read(INDEX_FILE);
    if (text === null) return [];
    try {
      return Index.parse(JSON.parse(text)).summaries;
    } catch {
      return [];
    }
  }
}

function lineOf({ title, outcome }: SessionSummary, shared: readonly string[]): string {
  const more = shared.length - FILES_SHOWN_MAX;
  const named = shared.slice(0, FILES_SHOWN_MAX).map(fileName);
  const files = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `“${title}” (${files})${outcome === "" ? "" : `: ${outcome}`}`;
}
