import type { Segment } from "../../protocol/segment.ts";

/** What was said and done since the user's latest message, with that message. */
export function latestTurn(segments: readonly Segment[]): readonly Segment[] {
  const start = segments.findLastIndex(({ kind }) => kind === "message");
  return start < 0 ? [] : segments.slice(start);
}
