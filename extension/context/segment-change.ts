import type { Edit } from "../../protocol/edit.ts";
import type { Segment, Stability } from "../../protocol/segment.ts";
import { diffTexts } from "./text-change.ts";

/** What turns one version of a segment into another. */
export type SegmentChange = {
  /** The new stability, when moving has to bring it. */
  readonly stability?: Stability;
  /** What changes the contents. */
  readonly edit?: Extract<Edit, { kind: "patch" | "replace" }>;
};

export function changeOfSegment(before: Segment, after: Segment): SegmentChange {
  if (before === after) return {};
  const stability = before.stability === after.stability ? {} : { stability: after.stability };
  if (sameContents(before, after)) return stability;
  const patch = patchOf(before, after);
  if (patch === null) return { edit: { kind: "replace", segment: after } };
  return { ...stability, edit: patch };
}

/** `null` when a patch cannot say it, or would carry as much text as the segment itself. */
function patchOf(before: Segment, after: Segment): Extract<Edit, { kind: "patch" }> | null {
  // A patch keeps all but the text, and drops the ids that spelt the old text.
  if (before.text === after.text || generatedOf(after) !== undefined) return null;
  if (frameOf(before) !== frameOf(after)) return null;
  const change = diffTexts(before.text, after.text);
  if (change.text !== "" && change.text.length >= after.text.length) return null;
  return { kind: "patch", id: after.id, changes: [change] };
}

function sameContents(before: Segment, after: Segment): boolean {
  return (
    before.text === after.text &&
    frameOf(before) === frameOf(after) &&
    JSON.stringify(generatedOf(before)) === JSON.stringify(generatedOf(after))
  );
}

/** Everything but the text, what spells it, and the place in the layout; comparable. */
function frameOf(segment: Segment): string {
  const omitted = { text: undefined, stability: undefined, generated: undefined };
  const entries = Object.entries({ ...segment, ...omitted });
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function generatedOf(segment: Segment): unknown {
  return segment.role === "assistant" ? segment.generated : undefined;
}
