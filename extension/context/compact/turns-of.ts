import type { Segment } from "../../../protocol/segment.ts";
import { isPinned } from "../window/layout.ts";

/**
 * The turns of a conversation, oldest first. Each ends with an answer that calls no tool; what
 * stands behind the last of those is the turn in progress and not among them.
 */
export function turnsOf(segments: readonly Segment[]): Segment[][] {
  const turns: Segment[][] = [];
  let open: Segment[] = [];
  for (const segment of segments) {
    if (isPinned(segment)) continue;
    open.push(segment);
    if (segment.role !== "assistant" || (segment.toolCalls ?? []).length > 0) continue;
    turns.push(open);
    open = [];
  }
  return turns;
}
