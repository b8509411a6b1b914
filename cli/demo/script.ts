import { append, patchSegment } from "../../extension/context/change.ts";
import { type ContextState, emptyContext } from "../../extension/context/state.ts";
import type { DemoFile } from "./files.ts";

export type DemoTurn = {
  /** What happens in this turn, in a few words. */
  readonly action: string;
  readonly change: (state: ContextState) => ContextState;
};

const SYSTEM = "You are a careful assistant. Answer in one short sentence.";

const QUESTIONS = [
  "What are these files about?",
  "Which of them would you read first, and why?",
  "What has changed in the file that was edited?",
  "Name one thing that could be said more clearly.",
  "What would a newcomer ask next?",
];

/** In each round of questions, the file is edited before this one. */
const EDITED_BEFORE = 2;

/** A conversation about files: instructions, the files, then questions, with edits in between. */
export function openingOf(files: readonly DemoFile[]): ContextState {
  return append(emptyContext("demo"), [
    { id: "system", kind: "instructions", stability: "core", role: "system", text: SYSTEM },
    ...files.map(({ name, text }) => ({
      id: `file ${name}`,
      kind: "file" as const,
      stability: "volatile" as const,
      label: name,
      role: "user" as const,
      text: `${name}\n${text}`,
    })),
  ]);
}

/** @param number of the turn, from 1. The last of the files is the one that gets edited. */
export function turnOf(number: number, files: readonly DemoFile[]): DemoTurn {
  const place = (number - 1) % QUESTIONS.length;
  const ask = (state: ContextState): ContextState =>
    append(state, [
      {
        id: `question ${number}`,
        kind: "message",
        stability: "recent",
        label: `question ${number}`,
        role: "user",
        text: QUESTIONS[place]!,
      },
    ]);
  const edited = files.at(-1);
  if (place !== EDITED_BEFORE || edited === undefined) {
    return { action: number === 1 ? "files and first question" : "next question", change: ask };
  }
  return {
    action: `edit of ${edited.name}`,
    change: (state) => ask(editInTheMiddle(state, `file ${edited.name}`, number)),
  };
}

function editInTheMiddle(state: ContextState, id: string, number: number): ContextState {
  const text = state.segments.find((segment) => segment.id === id)?.text ?? "";
  const line = Math.floor(text.split(/\r\n|\r|\n/u).length / 2);
  const start = { line, character: 0 };
  const added = `This line was added before question ${number}.\n`;
  return patchSegment(state, id, [{ range: { start, end: start }, text: added }]);
}
