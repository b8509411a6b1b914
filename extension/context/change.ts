import type { TextChange } from "../../protocol/edit.ts";
import type { Segment, Stability, Tool } from "../../protocol/segment.ts";
import type { ContextState } from "./state.ts";
import { applyTextChanges } from "./text-change.ts";

/**
 * Changes of a context window. Each answers a new state, one version on, and leaves the old one
 * alone. An id that is not there, or is there already, is a bug of the caller and throws.
 */

export function append(state: ContextState, segments: readonly Segment[]): ContextState {
  return insertAfter(state, state.segments.at(-1)?.id ?? null, segments);
}

/** Puts segments behind the one named, or at the front for `null`. */
export function insertAfter(
  state: ContextState,
  after: string | null,
  segments: readonly Segment[],
): ContextState {
  return withSegments(state, insertedAfter(state.segments, after, segments));
}

export function remove(state: ContextState, ids: readonly string[]): ContextState {
  const gone = requireIds(state, ids);
  return withSegments(
    state,
    state.segments.filter(({ id }) => !gone.has(id)),
  );
}

export function replaceSegment(state: ContextState, segment: Segment): ContextState {
  return withSegments(state, state.segments.with(indexOf(state.segments, segment.id), segment));
}

/** Changes a part of a segment's text. */
export function patchSegment(
  state: ContextState,
  id: string,
  changes: readonly TextChange[],
): ContextState {
  const segment = state.segments[indexOf(state.segments, id)]!;
  const text = applyTextChanges(segment.text, changes);
  if (segment.role !== "assistant") return replaceSegment(state, { ...segment, text });
  // The ids that the model generated spell the old text.
  const { generated: _, ...answer } = segment;
  return replaceSegment(state, { ...answer, text });
}

/** Takes segments out, in their present order, and puts them behind the one named. */
export function move(
  state: ContextState,
  ids: readonly string[],
  after: string | null,
  stability?: Stability,
): ContextState {
  const moved = requireIds(state, ids);
  const taken = state.segments
    .filter(({ id }) => moved.has(id))
    .map((segment) => (stability === undefined ? segment : { ...segment, stability }));
  const left = state.segments.filter(({ id }) => !moved.has(id));
  return withSegments(state, insertedAfter(left, after, taken));
}

export function setTools(state: ContextState, tools: readonly Tool[]): ContextState {
  return { ...state, version: state.version + 1, tools };
}

function insertedAfter(
  segments: readonly Segment[],
  after: string | null,
  inserted: readonly Segment[],
): readonly Segment[] {
  return segments.toSpliced(after === null ? 0 : indexOf(segments, after) + 1, 0, ...inserted);
}

function withSegments(state: ContextState, segments: readonly Segment[]): ContextState {
  const seen = new Set<string>();
  for (const { id } of segments) {
    if (seen.has(id)) throw new RangeError(`Two segments have the id "${id}".`);
    seen.add(id);
  }
  return { ...state, version: state.version + 1, segments };
}

function requireIds(state: ContextState, ids: readonly string[]): ReadonlySet<string> {
  for (const id of ids) indexOf(state.segments, id);
  return new Set(ids);
}

function indexOf(segments: readonly Segment[], id: string): number {
  const index = segments.findIndex((segment) => segment.id === id);
  if (index < 0) throw new RangeError(`There is no segment with the id "${id}".`);
  return index;
}
