import type { Segment } from "../../protocol/segment.ts";
import { countOf, formatCount, inlineCode } from "../meter/format.ts";
import type { Compacted } from "../window/compacted.ts";
import { labelOf } from "../window/session-store.ts";
import type { SavedSession } from "../window/stored-session.ts";

/** Enough to know where one was. */
const QUOTED_CHARACTERS_MAX = 400;

/** What `/compact` has done. What was left out has been said before. */
export function compactedSentence(compacted: Compacted): string {
  if (compacted.kind === "stopped") return "Stopped: nothing was left out.";
  if (compacted.kind === "nothing") {
    return "Nothing was left out: the last two turns always stay, and what stands before them is short.";
  }
  const { beforeTokens, afterTokens } = compacted;
  return `The prompt of this session had ${countOf(beforeTokens, "token")} and now has ${formatCount(afterTokens)}.`;
}

export const NEW_SESSION_SENTENCE =
  "This is a new session: the model no longer sees what was said above.";

/** What `/resume` shows: the chat view has no way to show the turns themselves again. */
export function resumedText(session: SavedSession): string {
  const { segments } = session.window.context;
  const asked = segments.findLast(({ kind }) => kind === "message");
  const said = segments.findLast(({ role, text }) => role === "assistant" && text.trim() !== "");
  const questions = session.turns.filter(({ act }) => act === "ask").length;
  return [
    `This chat goes on with ${inlineCode(labelOf(session))}: the model knows its ` +
      `${countOf(questions, "question")} and answers; the chat view cannot show them again.`,
    ...(asked === undefined ? [] : [`The last question was:\n\n${quoted(asked)}`]),
    ...(said === undefined ? [] : [`The last answer was:\n\n${quoted(said)}`]),
  ].join("\n\n");
}

function quoted({ text }: Segment): string {
  const all = text.trim();
  const start = all.slice(0, QUOTED_CHARACTERS_MAX).toWellFormed();
  return (start.length < all.length ? `${start}…` : start).replaceAll(/^/gmu, "> ");
}
