import { erratumText } from "../living/erratum-text.ts";
import type { LivingFile } from "../living/living-file.ts";
import { appendText } from "./append-text.ts";
import { fold } from "./fold.ts";
import type { WindowState } from "./window-state.ts";

/** Errata that may stand in a window at once. A model has to apply them all in its head. */
const ERRATA_MAX = 8;
const ERRATUM_CHARACTERS_MAX = 4_000;
const ERRATA_CHARACTERS_MAX = 12_000;

/**
 * Tells the model what has changed in the files that it was shown: by a short note behind everything
 * else, which leaves all that is resident where it is. Where the notes would be too many or too
 * long, the changes are written in place instead, which costs a prefill and is always true.
 */
export function tellChanges(window: WindowState): WindowState {
  let told = window;
  for (const file of window.files) if (file.pending !== null) told = tell(told, file);
  return isTooMuch(told, window) ? fold(window).window : told;
}

function tell(window: WindowState, file: LivingFile): WindowState {
  const { shown, pending } = file;
  if (pending === null) return window;
  const [id, next] = appendText(window, {
    name: "erratum",
    kind: "note",
    stability: "recent",
    label: `change of ${pending.label}`,
    text: erratumText(shown, pending),
  });
  const toldFile = { ...file, shown: pending, pending: null, errataIds: [...file.errataIds, id] };
  return {
    ...next,
    files: next.files.map((other) => (other.segmentId === file.segmentId ? toldFile : other)),
  };
}

function isTooMuch(told: WindowState, before: WindowState): boolean {
  if (told === before) return false;
  const errataIds = new Set(told.files.flatMap((file) => file.errataIds));
  const lengths = told.context.segments
    .filter(({ id }) => errataIds.has(id))
    .map(({ text }) => text.length);
  return (
    lengths.length > ERRATA_MAX ||
    lengths.some((length) => length > ERRATUM_CHARACTERS_MAX) ||
    lengths.reduce((sum, length) => sum + length, 0) > ERRATA_CHARACTERS_MAX
  );
}
