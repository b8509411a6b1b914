import type { Segment, Tool } from "../../protocol/segment.ts";

/** The sidecar's copy of one context window. The client owns the truth; this only follows it. */
export type Window = {
  readonly version: number;
  readonly segments: readonly Segment[];
  readonly tools: readonly Tool[];
};
