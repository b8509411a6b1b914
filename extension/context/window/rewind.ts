import { fold } from "./fold.ts";
import { isPinned } from "./layout.ts";
import type { VolatilePart, WindowState } from "./window-state.ts";

/**
 * The window as it would be if nothing had come behind a segment; `null` stands for the opening.
 * Files stay as they are now: what was true of them then is of no use. Answers `null` when the
 * segment is no longer there, because it was left out to make room.
 */
export function rewind(window: WindowState, lastSegmentId: string | null): WindowState | null {
  const cut = cutBehind(window, lastSegmentId);
  if (cut === null) return null;
  const losesErrata = window.files.some(({ errataIds }) => errataIds.some((id) => cut.has(id)));
  if (losesErrata) {
    // Without its errata a file would be shown as it was: it is written in place first.
    const folded = fold(window).window;
    return without(folded, cutBehind(folded, lastSegmentId) ?? cut, lastSegmentId);
  }
  return without(window, cut, lastSegmentId);
}

function cutBehind({ context }: WindowState, lastSegmentId: string | null): Set<string> | null {
  const { segments } = context;
  const last =
    lastSegmentId === null
      ? segments.findLastIndex(isPinned)
      : segments.findIndex(({ id }) => id === lastSegmentId);
  if (last < 0 && lastSegmentId !== null) return null;
  return new Set(segments.slice(last + 1).map(({ id }) => id));
}

function without(
  window: WindowState,
  cut: ReadonlySet<string>,
  lastSegmentId: string | null,
): WindowState {
  if (cut.size === 0) return window;
  const { context, files, droppedTurns } = window;
  const segments = context.segments.filter(({ id }) => !cut.has(id));
  return {
    ...window,
    context: { ...context, version: context.version + 1, segments },
    ...partsWithout(window, cut),
    files: files.filter(({ segmentId }) => !cut.has(segmentId)),
    droppedTurns: lastSegmentId === null ? 0 : droppedTurns,
  };
}

/**
 * What no longer held holds again where the text that said so goes: it is the last of its name that the model
 * reads, so the next turn has to compare with it.
 */
function partsWithout(
  { volatileParts, staleParts }: WindowState,
  cut: ReadonlySet<string>,
): Pick<WindowState, "volatileParts" | "staleParts"> {
  const isLeft = ({ segmentId }: VolatilePart): boolean => !cut.has(segmentId);
  const cutNames = new Set(volatileParts.filter((part) => !isLeft(part)).map(({ name }) => name));
  const left = staleParts.filter(isLeft);
  const latest = new Map(left.map((part) => [part.name, part]));
  const again = left.filter((part) => cutNames.has(part.name) && latest.get(part.name) === part);
  return {
    volatileParts: [...volatileParts.filter(isLeft), ...again],
    staleParts: left.filter((part) => !again.includes(part)),
  };
}
