import type { Segment } from "../../../protocol/segment.ts";
import { inLayoutOrder } from "./layout.ts";
import type { WindowState } from "./window-state.ts";

export type Folded = {
  readonly window: WindowState;
  /** The first segment of the folded window that stands behind a change; `null` if none did. */
  readonly fromIndex: number | null;
};

/**
 * Writes in place what was only appended so far, and takes out what no longer holds. Everything
 * behind the first change has to be prefilled again, so this is for when nobody waits. And because
 * it has to be, the order of the layout is restored there for nothing: the volatile parts go behind
 * the history, where the next fold costs least.
 */
export function fold(window: WindowState): Folded {
  const stale = new Set(window.staleIds);
  const { segments } = window.context;
  const fromIndex = segments.findIndex(({ id }) => stale.has(id));
  if (fromIndex < 0) return { window, fromIndex: null };
  const left = segments.slice(fromIndex).filter(({ id }) => !stale.has(id));
  return {
    window: withSegments(
      { ...window, staleIds: [] },
      segments.slice(0, fromIndex).concat(inLayoutOrder(left)),
    ),
    fromIndex,
  };
}

function withSegments(window: WindowState, segments: readonly Segment[]): WindowState {
  const { context } = window;
  return { ...window, context: { ...context, version: context.version + 1, segments } };
}
