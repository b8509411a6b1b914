import type { Segment } from "../../../protocol/segment.ts";
import { textOfView, titleOf } from "../living/file-view.ts";
import type { LivingFile } from "../living/living-file.ts";
import { inLayoutOrder } from "./layout.ts";
import type { WindowState } from "./window-state.ts";

export type Folded = {
  readonly window: WindowState;
  /**
   * Where the old window and the folded one part: everything from this segment on has to be
   * prefilled again. `null` if there was nothing to fold.
   */
  readonly fromIndex: number | null;
};

/**
 * Writes in place what was only appended so far, and takes out what no longer holds. Everything
 * behind the first change has to be prefilled again, so this is for when nobody waits. And because
 * it has to be, the order of the layout is restored there for nothing: the volatile parts go behind
 * the history, where the next fold costs least.
 */
export function fold(window: WindowState): Folded {
  const changed = window.files.filter(isChanged);
  const texts = new Map(changed.map((file) => [file.segmentId, file.pending ?? file.shown]));
  const gone = new Set([
    ...window.staleParts.map(({ segmentId }) => segmentId),
    ...changed.flatMap(({ errataIds }) => errataIds),
  ]);
  const { context } = window;
  const fromIndex = context.segments.findIndex(({ id }) => gone.has(id) || texts.has(id));
  if (fromIndex < 0) return { window, fromIndex: null };
  const tail = context.segments
    .slice(fromIndex)
    .filter(({ id }) => !gone.has(id))
    .map((segment): Segment => {
      const view = texts.get(segment.id);
      if (view === undefined) return segment;
      return { ...segment, label: titleOf(view).slice(0, 500), text: textOfView(view) };
    });
  const segments = context.segments.slice(0, fromIndex).concat(inLayoutOrder(tail));
  return {
    window: {
      ...window,
      context: { ...context, version: context.version + 1, segments },
      staleParts: [],
      files: window.files.map((file) => (isChanged(file) ? written(file) : file)),
    },
    fromIndex,
  };
}

function isChanged({ pending, errataIds }: LivingFile): boolean {
  return pending !== null || errataIds.length > 0;
}

function written(file: LivingFile): LivingFile {
  return { ...file, shown: file.pending ?? file.shown, pending: null, errataIds: [] };
}
