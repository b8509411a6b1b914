import type { Segment } from "../../../protocol/segment.ts";
import { takeId } from "../window/append-text.ts";
import { fold } from "../window/fold.ts";
import { isPinned } from "../window/layout.ts";
import type { WindowState } from "../window/window-state.ts";
import { type Compaction, leftOut } from "./plan-compaction.ts";

/**
 * Carries a compaction out, and folds with it: what stands behind has to be prefilled again anyway.
 * The model is told what it no longer sees.
 *
 * @param summary of the turns that go, or `null` for none.
 */
export function applyCompaction(
  window: WindowState,
  compaction: Compaction,
  summary: string | null,
): WindowState {
  const given = new Map(compaction.steps.map(({ kind, ids }) => [kind, new Set(ids)]));
  const turns = given.get("turns") ?? new Set();
  const gone = new Set(compaction.steps.flatMap(({ ids }) => ids));
  const kept = fold(window).window;
  const segments = kept.context.segments
    .filter(({ id }) => !turns.has(id))
    .map((segment): Segment => {
      const { id } = segment;
      if (given.get("files")?.has(id)) return { ...segment, text: fileLeftOut(segment) };
      if (given.get("toolOutputs")?.has(id) && segment.role === "tool") {
        return { ...segment, text: leftOut(segment.toolName) };
      }
      return given.get("reasoning")?.has(id) ? withoutThoughts(segment) : segment;
    });
  const { context } = kept;
  const compacted: WindowState = {
    ...kept,
    context: { ...context, version: context.version + 1, segments },
    // Nothing may follow a file into a text that no longer shows it.
    files: kept.files.filter(({ segmentId }) => !gone.has(segmentId)),
    droppedTurns: kept.droppedTurns + compaction.turns,
  };
  return compaction.turns === 0 ? compacted : withNote(compacted, summary);
}

/** The ids that the model generated spell its thoughts too, so they go with them. */
function withoutThoughts(segment: Segment): Segment {
  if (segment.role !== "assistant") return segment;
  const { reasoning: _thoughts, generated: _ids, ...answer } = segment;
  return answer;
}

function fileLeftOut({ label, text }: Segment): string {
  const name = label ?? text.slice(0, text.indexOf("\n"));
  return `${name}\n(This file was left out to make room; ask for it if you need it.)`;
}

/** Stands where the turns stood; what an earlier one said went with the oldest turn. */
function withNote(window: WindowState, summary: string | null): WindowState {
  const { droppedTurns } = window;
  const count = droppedTurns === 1 ? "The first turn" : `The first ${droppedTurns} turns`;
  const head = `${count} of this conversation ${droppedTurns === 1 ? "was" : "were"} left out to make room`;
  const [id, next] = takeId(window, "summary");
  const note = {
    id,
    role: "user",
    kind: "note",
    stability: "history",
    label: "what was left out",
    text: summary === null ? `(${head}.)` : `(${head}. In short:)\n${summary.trim()}`,
  } as const;
  const { context } = next;
  const place = context.segments.findLastIndex(isPinned) + 1;
  return { ...next, context: { ...context, segments: context.segments.toSpliced(place, 0, note) } };
}
