import { listed } from "../../context/listed.ts";
import { type Problem, problemLines } from "../../doors/problem-lines.ts";

/** What can be asked for by name, with a slash command or from the editor's menus. */
export type Task = "fix" | "explain" | "tests" | "refactor" | "doc";

export type TaskSubject = {
  /** What it is about, as the window names it: a file, or lines of one. */
  readonly places: readonly string[];
  /** What the editor reports there. */
  readonly problems: readonly Problem[];
};

/** Where nothing is attached or open, the conversation has to say it. */
const NO_PLACE = "the code that this is about";

const REQUESTS: Readonly<Record<Task, (place: string) => string>> = {
  fix: (place) => `Fix what is wrong in ${place}. Change nothing that need not change for it.`,
  explain: (place) =>
    `Explain ${place}: what it does, how it does that, and what could surprise a reader.`,
  tests: (place) =>
    `Write tests for ${place}, with the framework and in the style of the tests that are there. ` +
    "Cover what usually happens, the limits, and bad input.",
  refactor: (place) => `Refactor ${place}. What it does stays as it is.`,
  doc: (place) =>
    `Write documentation comments for ${place}, in the form that is usual in its language and in ` +
    "the code around it. Change nothing but comments.",
};

/**
 * The message that a task becomes. What the user has typed stands behind it as it was typed. These
 * texts are part of the prompt that models are trained on: `test/agent/golden/` holds them down.
 */
export function taskMessage(task: Task, { places, problems }: TaskSubject, typed: string): string {
  const request = REQUESTS[task](places.length === 0 ? NO_PLACE : listed(places));
  // Where users say what is wrong, that is what they want fixed.
  const reports = task === "fix" && typed === "" && problems.length > 0;
  return [
    request,
    ...(reports ? [`The editor reports:\n${problemLines(problems)}`] : []),
    ...(typed === "" ? [] : [typed]),
  ].join("\n\n");
}
