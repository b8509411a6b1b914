import type { Segment } from "../../../protocol/segment.ts";
import type { WindowState } from "./window-state.ts";

/**
 * Lets the current turn join the history when the window's mode says so: after a final answer, which
 * is one that calls no tool. Nothing moves and no text changes; only what compaction may touch does.
 */
export function commitWhenDone(window: WindowState): WindowState {
  if (window.transition !== "agentCycle") return window;
  const last = window.context.segments.at(-1);
  const done = last?.role === "assistant" && (last.toolCalls ?? []).length === 0;
  return done ? commit(window) : window;
}

/** Lets the current turn join the history now, in whatever mode. */
export function commit(window: WindowState): WindowState {
  const { context } = window;
  if (!context.segments.some(isRecent)) return window;
  const segments = context.segments.map((segment): Segment =>
    isRecent(segment) ? { ...segment, stability: "history" } : segment,
  );
  return { ...window, context: { ...context, version: context.version + 1, segments } };
}

function isRecent({ stability }: Segment): boolean {
  return stability === "recent";
}
