import type { Segment } from "../../../protocol/segment.ts";
import type { SavedSession } from "../../window/stored-session.ts";
import { oneLine } from "../one-line.ts";

/** What a summary is made from. */
export type TalkedSession = Pick<SavedSession, "id" | "title" | "name" | "turns" | "window">;

/** A chat in one line. */
export type SessionSummary = {
  readonly id: string;
  readonly title: string;
  /** Relative to the workspace, as people know them. */
  readonly files: readonly string[];
  readonly outcome: string;
};

const TITLE_CHARACTERS_MAX = 80;
const OUTCOME_CHARACTERS_MAX = 120;
const FILES_MAX = 64;
const FILE_CHARACTERS_MAX = 160;

/** `null` for a chat in which nothing was said yet. */
export function summaryOf({
  id,
  title,
  name,
  turns,
  window,
}: TalkedSession): SessionSummary | null {
  const [first] = turns;
  const last = turns.at(-1);
  if (first === undefined || last === undefined) return null;
  const { segments } = window.context;
  const shown = window.files.map(({ shown: { label } }) => label);
  const files = [...new Set([...shown, ...segments.flatMap(pathsIn)].map(fileName))]
    .slice(0, FILES_MAX)
    .toSorted();
  const outcome = last.cancelled ? "stopped by the user" : lastWords(segments);
  return {
    id,
    title: oneLine(name || title || first.prompt, TITLE_CHARACTERS_MAX),
    files,
    outcome,
  };
}

/** The model and the repository choose what files are called. */
export function fileName(path: string): string {
  return oneLine(path, FILE_CHARACTERS_MAX);
}

/** Files that an answer has changed. */
function pathsIn(segment: Segment): string[] {
  if (segment.role !== "assistant") return [];
  return (segment.toolCalls ?? []).flatMap(({ name, arguments: { path } }) =>
    (name === "edit_file" || name === "write_file") && typeof path === "string" ? [path] : [],
  );
}

function lastWords(segments: readonly Segment[]): string {
  const answer = segments.findLast(({ role }) => role === "assistant");
  if (answer?.role !== "assistant") return "";
  const summary = answer.toolCalls?.find(({ name }) => name === "finish")?.arguments["summary"];
  return firstSentence(typeof summary === "string" ? summary : answer.text);
}

function firstSentence(text: string): string {
  const line = oneLine(text, 4 * OUTCOME_CHARACTERS_MAX);
  const sentence = /^.+?[.!?…](?=\s|$)/u.exec(line)?.[0] ?? line;
  return oneLine(sentence, OUTCOME_CHARACTERS_MAX);
}
