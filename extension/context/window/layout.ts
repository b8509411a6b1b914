import { Stability, type Segment } from "../../../protocol/segment.ts";

const RANKS: ReadonlyMap<Stability, number> = new Map(
  Stability.options.map((stability, rank) => [stability, rank]),
);

/**
 * Segments in the order of the layout: core, guidance, history, volatile, recent; within each as
 * they were. What changes least stands first, so that a change moves as little as possible.
 */
export function inLayoutOrder(segments: readonly Segment[]): Segment[] {
  return segments.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** What never changes while a session lasts. */
export function isPinned({ stability }: Segment): boolean {
  return stability === "core" || stability === "guidance";
}

function rankOf({ stability }: Segment): number {
  return RANKS.get(stability) ?? RANKS.size;
}
