import type { Segment, Tool } from "../../protocol/segment.ts";

/**
 * A context window as the client owns it. Plain data: it can be stored as JSON, and a state that
 * has been handed out never changes.
 */
export type ContextState = {
  readonly id: string;
  /** Rises with every change. */
  readonly version: number;
  readonly segments: readonly Segment[];
  readonly tools: readonly Tool[];
};

export function emptyContext(id: string): ContextState {
  return { id, version: 0, segments: [], tools: [] };
}
