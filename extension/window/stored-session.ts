import * as z from "zod";
import { Segment, Tool } from "../../protocol/segment.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { migrate, type Migration } from "./migrate.ts";
import { titleFrom } from "./session-title.ts";
import { SUMMARY_REQUEST } from "./summary-request.ts";

/** One for each change of the format below, in their order. */
const MIGRATIONS: readonly Migration[] = [withTitle, withStaleParts];

const FileView = z.object({
  label: z.string(),
  language: z.string(),
  content: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("text"), text: z.string() }),
    z.object({ kind: z.literal("missing"), reason: z.string() }),
  ]),
  lines: z.object({ start: z.int(), end: z.int() }).nullable(),
});

const StoredWindow = z.object({
  context: z.object({
    id: z.string(),
    version: z.int(),
    segments: z.array(Segment),
    tools: z.array(Tool),
  }),
  transition: z.enum(["none", "manual", "agentCycle"]),
  startedOn: z.string(),
  turn: z.int(),
  nextNumber: z.int(),
  volatileParts: z.array(z.never()),
  staleParts: z.array(z.never()),
  files: z.array(
    z.object({
      uri: z.string(),
      segmentId: z.string(),
      shown: FileView,
      pending: FileView.nullable(),
      errataIds: z.array(z.string()),
    }),
  ),
  droppedTurns: z.int(),
}) satisfies z.ZodType<WindowState>;

const StoredTurn = z.object({
  id: z.string(),
  /** Whether the user asked something, or did something with the session itself. */
  act: z.enum(["ask", "compact", "new", "resume"]),
  prompt: z.string(),
  cancelled: z.boolean(),
  /** Where the window ended after the turn. */
  lastSegmentId: z.string(),
});

const StoredSession = z.object({
  schema: z.literal(MIGRATIONS.length + 1),
  id: z.string(),
  title: z.string(),
  name: z.string().nullable(),
  turns: z.array(StoredTurn),
  window: StoredWindow,
});

/** What was done in a turn. */
export type TurnAct = z.infer<typeof StoredTurn>["act"];

export type SavedTurn = Readonly<z.infer<typeof StoredTurn>>;

/** A chat as it survives the editor's window. */
export type SavedSession = {
  readonly id: string;
  /** After its first message; empty until there is one. */
  readonly title: string;
  /** What its user calls it. */
  readonly name: string | null;
  readonly turns: readonly SavedTurn[];
  readonly window: WindowState;
};

export type Decoded =
  | { readonly kind: "session"; readonly session: SavedSession }
  | { readonly kind: "newer" }
  | { readonly kind: "unreadable" };

export function encodeSession({ window, ...session }: SavedSession): string {
  const schema = MIGRATIONS.length + 1;
  return JSON.stringify({ schema, ...session, window: withoutVolatile(window) });
}

export function decodeSession(text: string): Decoded {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { kind: "unreadable" };
  }
  const migrated = migrate(stored, MIGRATIONS);
  if (migrated.kind !== "current") return migrated;
  const parsed = StoredSession.safeParse(migrated.stored);
  if (!parsed.success || !isConsistent(parsed.data)) return { kind: "unreadable" };
  const { schema: _schema, ...session } = parsed.data;
  return { kind: "session", session: { ...session, window: withoutRequest(session.window) } };
}

/** Chats were once kept with a request for a summary that was still under way. */
function withoutRequest(window: WindowState): WindowState {
  const { context } = window;
  const segments = context.segments.filter(({ id }) => id !== SUMMARY_REQUEST.id);
  return { ...window, context: { ...context, segments } };
}

/** To version 2: sessions have titles, and turns say what kind they are. */
function withTitle(stored: Record<string, unknown>): Record<string, unknown> {
  const turns = z.array(z.looseObject({ prompt: z.string() })).safeParse(stored["turns"]);
  if (!turns.success) return stored;
  return {
    ...stored,
    title: titleFrom(turns.data[0]?.prompt ?? ""),
    name: null,
    turns: turns.data.map((turn) => ({ ...turn, act: "ask" })),
  };
}

/** To version 3: what no longer holds is known by more than its id. None of it was ever kept. */
function withStaleParts(stored: Record<string, unknown>): Record<string, unknown> {
  const window = z.looseObject({}).safeParse(stored["window"]);
  if (!window.success) return stored;
  const { staleIds: _staleIds, ...rest } = window.data;
  return { ...stored, window: { ...rest, staleParts: [] } };
}

/** What is made anew each turn is not kept: by the time it is read again, it is not true. */
export function withoutVolatile(window: WindowState): WindowState {
  const { context, staleParts, volatileParts } = window;
  const gone = new Set([...staleParts, ...volatileParts].map(({ segmentId }) => segmentId));
  const segments = context.segments.filter(({ id }) => !gone.has(id));
  return { ...window, context: { ...context, segments }, volatileParts: [], staleParts: [] };
}

/** Ids that are given twice, or that name nothing, would break a window much later. */
function isConsistent({ window }: SavedSession): boolean {
  const ids = window.context.segments.map(({ id }) => id);
  const known = new Set(ids);
  const named = window.files.flatMap(({ segmentId, errataIds }) => [segmentId, ...errataIds]);
  return known.size === ids.length && named.every((id) => known.has(id));
}
