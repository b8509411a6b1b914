import type { Segment } from "../../protocol/segment.ts";

/** What the model is asked before turns are left out. No window holds it. */
export const SUMMARY_REQUEST: Segment = {
  id: "summary-request",
  role: "user",
  kind: "message",
  stability: "recent",
  text:
    "Before the first part of this conversation is left out: say in at most 120 words what was asked " +
    "and decided in it, which files it was about, and what is still open. Answer with that alone.",
};
