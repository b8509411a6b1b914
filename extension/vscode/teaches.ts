import type { TurnAct } from "../window/stored-session.ts";
import type { TurnEnd } from "./chat-turn.ts";

/**
 * Whether there is something to learn from how a turn ended. Otherwise the latest turn of the window is an earlier
 * one, and its lessons would come back after the user has deleted them.
 */
export function teaches(act: TurnAct, end: TurnEnd): boolean {
  return act === "ask" && (end.kind === "answered" || end.isKept);
}
