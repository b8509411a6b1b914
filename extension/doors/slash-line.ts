import type { TurnAct } from "../window/stored-session.ts";

/** What a user said to `@kvasir`: a message, behind the name of a slash command or without one. */
export type Spoken = { readonly command?: string | undefined; readonly prompt: string };

/** As it was typed. Two messages are the same if this is. */
export function slashLine({ command, prompt }: Spoken): string {
  return command === undefined ? prompt : `/${command} ${prompt}`.trimEnd();
}

/** What is done with a message: `/new` with a question behind it asks that in the new session. */
export function actOf(command: string | undefined, typed: string): TurnAct {
  if (command === "compact" || command === "resume") return command;
  return command === "new" && typed.trim() === "" ? command : "ask";
}

/**
 * The turns of a chat view that belong to its present session: `/new` and `/resume` begin another
 * one, with themselves as its first turn.
 */
export function sinceBeginning<
  T extends { readonly command: string | undefined; readonly failed: boolean },
>(past: readonly T[]): readonly T[] {
  const begins = ({ command, failed }: T): boolean =>
    !failed && (command === "new" || command === "resume");
  return past.slice(Math.max(0, past.findLastIndex(begins)));
}
