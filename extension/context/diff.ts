import type { Edit } from "../../protocol/edit.ts";
import type { Segment } from "../../protocol/segment.ts";
import { longestIncreasing } from "./longest-increasing.ts";
import { changeOfSegment, type SegmentChange } from "./segment-change.ts";
import type { ContextState } from "./state.ts";

type Kept = { readonly fromIndex: number; readonly change: SegmentChange };

/**
 * The edits that turn one state of a context into another when applied in order. Ids give
 * identity, so a segment that only moved travels without its text, and as few as possible move.
 */
export function diffContexts(from: ContextState, to: ContextState): Edit[] {
  const kept = keptSegments(from, to);
  const edits: Edit[] = [];
  const removedIds = from.segments.map(({ id }) => id).filter((id) => !kept.has(id));
  if (removedIds.length > 0) edits.push({ kind: "remove", ids: removedIds });
  edits.push(...arrange(to.segments, kept));
  for (const { change } of kept.values()) if (change.edit !== undefined) edits.push(change.edit);
  if (from.tools !== to.tools && JSON.stringify(from.tools) !== JSON.stringify(to.tools)) {
    edits.push({ kind: "tools", tools: [...to.tools] });
  }
  return edits;
}

/** The segments of `to` that `from` has too, by id and in the order of `to`. */
function keptSegments(from: ContextState, to: ContextState): Map<string, Kept> {
  const fromIndices = new Map(from.segments.map(({ id }, index) => [id, index]));
  const kept = new Map<string, Kept>();
  for (const segment of to.segments) {
    const fromIndex = fromIndices.get(segment.id);
    if (fromIndex === undefined) continue;
    const change = changeOfSegment(from.segments[fromIndex]!, segment);
    kept.set(segment.id, { fromIndex, change });
  }
  return kept;
}

/**
 * Builds the new order from the front: whatever does not stand still is put right behind its
 * predecessor, which stands where it belongs by then.
 */
function arrange(segments: readonly Segment[], kept: ReadonlyMap<string, Kept>): Edit[] {
  const still = longestIncreasing(
    [...kept.values()]
      .filter(({ change }) => change.stability === undefined)
      .map(({ fromIndex }) => fromIndex),
  );
  const edits: Edit[] = [];
  let after: string | null = null;
  /** Where the last segment of the edit at the end of the list came from, when it is a move. */
  let movedFromIndex = -1;
  let open: Extract<Edit, { kind: "insert" | "move" }> | null = null;
  for (const segment of segments) {
    const { id } = segment;
    const old = kept.get(id);
    if (old === undefined) {
      if (open?.kind === "insert") open.segments.push(segment);
      else edits.push((open = { kind: "insert", after, segments: [segment] }));
    } else if (still.has(old.fromIndex)) {
      open = null;
    } else {
      const { stability } = old.change;
      // A move keeps the order in which it finds its segments.
      if (open?.kind === "move" && open.stability === stability && movedFromIndex < old.fromIndex) {
        open.ids.push(id);
      } else {
        open = {
          kind: "move",
          ids: [id],
          after,
          ...(stability === undefined ? {} : { stability }),
        };
        edits.push(open);
      }
      movedFromIndex = old.fromIndex;
    }
    after = id;
  }
  return edits;
}
