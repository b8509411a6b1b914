import type { SegmentKind, Stability } from "../../../protocol/segment.ts";
import { append } from "../change.ts";
import type { WindowState } from "./window-state.ts";

export type NewText = {
  /** What the id begins with. */
  readonly name: string;
  readonly kind: SegmentKind;
  readonly stability: Stability;
  readonly label: string;
  readonly text: string;
};

const LABEL_CHARACTERS_MAX = 500;

/** Puts a text of the user's side at the end, under an id that no segment has had before. */
export function appendText(
  window: WindowState,
  { name, kind, stability, label, text }: NewText,
): readonly [string, WindowState] {
  const [id, next] = takeId(window, name);
  const segment = {
    id,
    role: "user",
    kind,
    stability,
    label: label.slice(0, LABEL_CHARACTERS_MAX),
    // Half a character has no UTF-8, and so no tokens.
    text: text.toWellFormed(),
  } as const;
  return [id, { ...next, context: append(next.context, [segment]) }];
}

/** An id of this window, and the state that will not give it again. */
export function takeId(window: WindowState, name: string): readonly [string, WindowState] {
  const { nextNumber } = window;
  return [`${name}-${nextNumber}`, { ...window, nextNumber: nextNumber + 1 }];
}
