import type { Segment, ToolCall } from "../../protocol/segment.ts";
import { turnsOf } from "../context/compact/turns-of.ts";
import { isPinned } from "../context/window/layout.ts";
import { commit } from "../context/window/commit.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { titleFrom } from "../window/session-title.ts";
import type { SavedSession, SavedTurn } from "../window/stored-session.ts";
import { parseSession } from "./parse-session.ts";
import type { RecordedStep } from "./recorded-session.ts";

/** The model takes what it reads for true, and files have gone their own way since. */
const NOTE =
  "(This conversation was brought here from elsewhere. Files may read differently now from what " +
  "stands above; read them again before you rely on them.)";
const NO_RESULT = "(No result of this call was recorded.)";

export type Imported =
  | { readonly kind: "session"; readonly session: SavedSession }
  /** One sentence for the user. */
  | { readonly kind: "refused"; readonly sentence: string };

export type ImportOptions = {
  readonly newId: () => string;
  /** For recordings that do not say when they began, as `2026-01-31`. */
  readonly today: string;
};

/** A recording as a session that can be gone on with: of Kvasir, or of any agent. */
export function importSession(
  file: string,
  text: string,
  { newId, today }: ImportOptions,
): Imported {
  const parsed = parseSession(file, text);
  if (parsed.kind === "refused") return parsed;
  const { steps, tools, task, own } = parsed.session;
  const segments = withNote(withResults(withOneFront(segmentsAfter(steps))));
  const turns = turnsOf(segments);
  const window: WindowState = {
    context: { id: newId(), version: 1, segments, tools },
    transition: "agentCycle",
    startedOn: own?.startedOn ?? today,
    turn: turns.length,
    nextNumber: 1,
    volatileParts: [],
    staleParts: [],
    files: [],
    droppedTurns: own?.droppedTurns ?? 0,
  };
  const saved = turns.map((turn) => savedTurn(turn, newId()));
  const title = titleFrom(task ?? saved[0]?.prompt ?? "") || titleFrom(file);
  const { id } = window.context;
  return {
    kind: "session",
    session: { id, title, name: null, turns: saved, window: commit(window) },
  };
}

/** The list of messages as it was at the end. */
function segmentsAfter(steps: readonly RecordedStep[]): Segment[] {
  let segments: Segment[] = [];
  for (const step of steps) {
    if (step.kind === "append") segments.push(step.segment);
    else if (step.kind === "call") segments.push(step.answer);
    else segments = segments.toSpliced(step.start, step.delete, ...step.insert);
  }
  return segments;
}

/** What some agents say as the system later on is no part of the front that never changes. */
function withOneFront(segments: readonly Segment[]): Segment[] {
  const first = segments.findIndex((segment) => !isPinned(segment));
  return segments.map((segment, index) =>
    index > first && isPinned(segment)
      ? { ...segment, kind: "note", stability: "history" }
      : segment,
  );
}

/** Templates refuse a call that nobody answered, and agents stop with one. */
function withResults(segments: readonly Segment[]): Segment[] {
  const answered = new Set(
    segments.flatMap((segment) => (segment.role === "tool" ? [segment.toolCallId] : [])),
  );
  return segments.flatMap((segment): Segment[] => {
    if (segment.role !== "assistant") return [segment];
    const open = (segment.toolCalls ?? []).filter(({ id }) => !answered.has(id));
    return [segment, ...open.map((call, index) => noResult(`${segment.id} ${index}`, call))];
  });
}

function noResult(id: string, { id: toolCallId, name }: ToolCall): Segment {
  const common = { id, kind: "toolResult", stability: "history" } as const;
  return { ...common, role: "tool", toolCallId, toolName: name, text: NO_RESULT };
}

function withNote(segments: readonly Segment[]): Segment[] {
  if (segments.at(-1)?.text === NOTE) return [...segments];
  const id = "imported";
  const note = { id, role: "user", kind: "note", stability: "history", text: NOTE } as const;
  return [...segments, { ...note, label: "imported" }];
}

function savedTurn(turn: readonly Segment[], id: string): SavedTurn {
  const prompt = turn.find(({ kind }) => kind === "message")?.text ?? "";
  return { id, act: "ask", prompt, cancelled: false, lastSegmentId: turn.at(-1)!.id };
}
