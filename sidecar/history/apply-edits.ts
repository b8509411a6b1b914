import type { Edit, TextChange } from "../../protocol/edit.ts";
import type { AnswerSegment, Segment, Tool } from "../../protocol/segment.ts";
import { Refusal } from "../refusal.ts";
import type { Said } from "./generations.ts";
import { patchText } from "./patch-text.ts";
import type { Window } from "./window.ts";

export type FindGeneration = (generationId: string) => Said | undefined;

/**
 * The window after a list of edits. Pure: refused edits (`badEdit`, `unknownGeneration`) leave
 * nothing half done, because the old window is still what it was.
 */
export function applyEdits(
  window: Window,
  edits: readonly Edit[],
  version: number,
  findGeneration: FindGeneration,
): Window {
  let segments: readonly Segment[] = window.segments;
  let tools: readonly Tool[] = window.tools;
  for (const edit of edits) {
    if (edit.kind === "tools") tools = edit.tools;
    else segments = applyEdit(segments, edit, findGeneration);
  }
  return { version, segments, tools };
}

export function requireUniqueIds(segments: readonly Segment[]): void {
  const seen = new Set<string>();
  for (const { id } of segments) {
    if (seen.has(id)) throw new Refusal("badEdit", `Two segments have the id "${id}".`);
    seen.add(id);
  }
}

function applyEdit(
  segments: readonly Segment[],
  edit: Exclude<Edit, { kind: "tools" }>,
  findGeneration: FindGeneration,
): readonly Segment[] {
  switch (edit.kind) {
    case "insert":
      return insertAfter(segments, edit.after, edit.segments);
    case "remove": {
      const gone = new Set(edit.ids);
      for (const id of gone) indexOf(segments, id);
      return segments.filter(({ id }) => !gone.has(id));
    }
    case "replace":
      return segments.with(indexOf(segments, edit.segment.id), edit.segment);
    case "move": {
      const moved = new Set(edit.ids);
      for (const id of moved) indexOf(segments, id);
      const { stability } = edit;
      const taken = segments
        .filter(({ id }) => moved.has(id))
        .map((segment) => (stability === undefined ? segment : { ...segment, stability }));
      const left = segments.filter(({ id }) => !moved.has(id));
      return insertAfter(left, edit.after, taken);
    }
    case "patch": {
      const index = indexOf(segments, edit.id);
      return segments.with(index, withText(segments[index]!, edit.changes));
    }
    case "adopt": {
      const said = findGeneration(edit.generationId);
      if (said === undefined) {
        throw new Refusal(
          "unknownGeneration",
          `The sidecar no longer has the answer "${edit.generationId}".`,
        );
      }
      const { id, stability } = edit;
      const answer: AnswerSegment = { ...said, id, stability, role: "assistant", kind: "answer" };
      return insertAfter(segments, edit.after, [answer]);
    }
  }
}

function withText(segment: Segment, changes: readonly TextChange[]): Segment {
  const text = patchText(segment.text, changes);
  if (segment.role !== "assistant") return { ...segment, text };
  // The generated ids spell the old text, so they go.
  const { generated: _, ...answer } = segment;
  return { ...answer, text };
}

function insertAfter(
  segments: readonly Segment[],
  after: string | null,
  inserted: readonly Segment[],
): readonly Segment[] {
  requireUniqueIds([...segments, ...inserted]);
  return segments.toSpliced(after === null ? 0 : indexOf(segments, after) + 1, 0, ...inserted);
}

function indexOf(segments: readonly Segment[], id: string): number {
  const index = segments.findIndex((segment) => segment.id === id);
  if (index < 0) throw new Refusal("badEdit", `There is no segment with the id "${id}".`);
  return index;
}
