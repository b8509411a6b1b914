import { appendText } from "./append-text.ts";
import { refreshVolatile, type VolatileText } from "./refresh-volatile.ts";
import { admitFiles, showFiles, type ShownFile } from "./show-files.ts";
import { tellChanges } from "./tell-changes.ts";
import type { WindowState } from "./window-state.ts";

/** Text that was attached to a message and belongs to no file. */
export type AttachedText = { readonly label: string; readonly text: string };

/** What a user says, and what comes with it. */
export type Question = {
  readonly files?: readonly ShownFile[];
  readonly texts?: readonly AttachedText[];
  readonly message: string;
};

export type TurnInput = Question & { readonly volatile: readonly VolatileText[] };

/**
 * Puts what a turn begins with behind everything else: what has changed in the files and around the
 * conversation, then what is attached, then the user's message. Nothing that stood there before is
 * touched, unless the changes were too many to be told.
 */
export function beginTurn(window: WindowState, input: TurnInput): WindowState {
  return ask(refreshVolatile(tellChanges(window), input.volatile), input);
}

/** Puts a question at the end, and nothing before it. */
export function ask(window: WindowState, question: Question): WindowState {
  const { files = [], texts = [], message } = question;
  const turn = window.turn + 1;
  let next = showFiles({ ...window, turn }, admitFiles(window, files).files);
  for (const text of texts) next = attach(next, text);
  const label = `message ${turn}`;
  return appendText(next, {
    name: "message",
    kind: "message",
    stability: "recent",
    label,
    text: message,
  })[1];
}

/** What was attached before stands there still. */
function attach(window: WindowState, { label, text }: AttachedText): WindowState {
  const { segments } = window.context;
  const known = segments.some((segment) => segment.kind === "selection" && segment.text === text);
  if (known) return window;
  const attached = { name: "text", kind: "selection", stability: "recent", label, text } as const;
  return appendText(window, attached)[1];
}
