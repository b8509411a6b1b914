import { append } from "../change.ts";
import { takeId } from "./append-text.ts";
import { ask, type Question } from "./begin-turn.ts";
import { commit } from "./commit.ts";
import type { WindowState } from "./window-state.ts";

/** A turn as somebody else remembers it: texts only. */
export type ToldTurn = Question & {
  /** Empty when there was none. */
  readonly answer: string;
};

/** Puts a turn of the past at the end of the history, as well as it is remembered. */
export function retell(window: WindowState, turn: ToldTurn): WindowState {
  const asked = ask(window, turn);
  if (turn.answer === "") return commit(asked);
  const [id, next] = takeId(asked, "answer");
  const text = turn.answer.toWellFormed();
  const said = { id, role: "assistant", kind: "answer", stability: "recent", text } as const;
  return commit({ ...next, context: append(next.context, [said]) });
}
