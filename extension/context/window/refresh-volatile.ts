import { appendText } from "./append-text.ts";
import type { VolatilePart, WindowState } from "./window-state.ts";

/** What a volatile part says now; the caller makes it anew for every turn. */
export type VolatileText = { readonly name: string; readonly text: string };

/**
 * Brings the volatile parts up to date by appending only. A part that says what it said stays where
 * it is and costs nothing. One that changed is put at the end, where the model reads it last, and
 * its old version waits for the next fold: taking it out now would make everything behind it be
 * prefilled in the middle of a turn. One that holds no longer is said to.
 */
export function refreshVolatile(window: WindowState, texts: readonly VolatileText[]): WindowState {
  let next = window;
  for (const { name, text } of texts) {
    const standing = partOf(next, name);
    if (standing?.text === text) continue;
    next = put(retire(next, standing), name, text, `${name}, as of now:\n${text}`);
  }
  const named = new Set(texts.map(({ name }) => name));
  for (const standing of window.volatileParts) {
    if (named.has(standing.name) || standing.text === "") continue;
    // The empty part stands for the note, so that the note is not made again every turn.
    const { name } = standing;
    next = put(retire(next, standing), name, "", `${name}: what was said above no longer holds.`);
  }
  return next;
}

function partOf(window: WindowState, name: string): VolatilePart | undefined {
  return window.volatileParts.find((part) => part.name === name);
}

function retire(window: WindowState, part: VolatilePart | undefined): WindowState {
  if (part === undefined) return window;
  return {
    ...window,
    volatileParts: window.volatileParts.filter((other) => other !== part),
    staleParts: [...window.staleParts, part],
  };
}

function put(window: WindowState, name: string, text: string, shown: string): WindowState {
  const [segmentId, next] = appendText(window, {
    name: "volatile",
    kind: "note",
    stability: "volatile",
    label: name,
    text: shown,
  });
  return { ...next, volatileParts: [...next.volatileParts, { name, segmentId, text }] };
}
