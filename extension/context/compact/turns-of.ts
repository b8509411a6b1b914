import type { Segment } from "../../../protocol/segment.ts";
import { isPinned } from "../window/layout.ts";

/**
 * The turns of a conversation, oldest first: what came with a message of the user, the message, and
 * all that was said and done about it. What stands behind the last of them is the turn in progress
 * and not among them.
 */
export function turnsOf(segments: readonly Segment[]): Segment[][] {
  const turns: Segment[][] = [];
  let open: Segment[] = [];
  const close = (): void => {
    const length = open.findLastIndex(isSaid) + 1;
    if (length > 0) turns.push(open.slice(0, length));
    open = open.slice(length);
  };
  for (const segment of segments) {
    if (isPinned(segment)) continue;
    // What stands between the last word about one message and the next message came with that.
    if (segment.kind === "message") close();
    open.push(segment);
  }
  const last = open.findLast(isSaid);
  if (last !== undefined && isOver(last)) close();
  return turns;
}

/** By the model, or by a tool that it called. */
function isSaid({ role }: Segment): boolean {
  return role === "assistant" || role === "tool";
}

/** A turn may also end with a call; then it is over as soon as it has joined the history. */
function isOver(last: Segment): boolean {
  if (last.stability !== "recent") return true;
  return last.role === "assistant" && (last.toolCalls ?? []).length === 0;
}
