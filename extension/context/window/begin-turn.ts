import { append } from "../change.ts";
import { refreshVolatile, type VolatileText } from "./refresh-volatile.ts";
import { takeId, type WindowState } from "./window-state.ts";

export type TurnInput = {
  readonly volatile: readonly VolatileText[];
  readonly message: string;
};

/**
 * Puts what a turn begins with behind everything else: what has changed around the conversation,
 * then the user's message. Nothing that stood there before is touched.
 */
export function beginTurn(window: WindowState, { volatile, message }: TurnInput): WindowState {
  const begun = { ...window, turn: window.turn + 1 };
  const [id, next] = takeId(refreshVolatile(begun, volatile), "message");
  const segment = {
    id,
    role: "user",
    kind: "message",
    stability: "recent",
    label: `message ${next.turn}`,
    // Half a character has no UTF-8, and so no tokens.
    text: message.toWellFormed(),
  } as const;
  return { ...next, context: append(next.context, [segment]) };
}
