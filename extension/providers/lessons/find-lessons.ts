import type { Segment } from "../../../protocol/segment.ts";
import { COMMAND_CHARACTERS_MAX, type Lesson } from "./lesson.ts";

/** Failures that are waited for to be mended. The oldest is forgotten first. */
const OPEN_FAILURES_MAX = 8;
const LESSONS_MAX = 4;
/** Output in which a complaint is looked for, from its end on. */
const OUTPUT_CHARACTERS_MAX = 20_000;

/** What could be a password had better not be learnt by heart. */
const CONFIDENTIAL = /authorization|bearer|passw|secret|token|api[-_]?key|:\/\/[^/\s]*@/iu;
const COMPLAINS =
  /\b(error|fail(ed|ure|s)?|exception|panic(ked)?|cannot|can't|not found|undefined|assert\w*|expected)\b|error:|Error\b/iu;

type Event =
  | {
      readonly kind: "ran";
      readonly command: string;
      readonly failed: boolean;
      readonly output: string;
    }
  | { readonly kind: "changed"; readonly path: string };

type Failure = {
  readonly command: string;
  readonly complaint: string;
  readonly changed: Set<string>;
};

/**
 * Lessons in what an agent did in one turn: a command that failed and then passed once files were changed,
 * and one that did not work until it was put otherwise.
 */
export function findLessons(segments: readonly Segment[]): Lesson[] {
  const lessons: Lesson[] = [];
  let failures: Failure[] = [];
  for (const event of eventsOf(segments)) {
    if (event.kind === "changed") {
      for (const { changed } of failures) changed.add(event.path);
      continue;
    }
    const { command } = event;
    const before = failures.find((failure) => failure.command === command);
    if (event.failed) {
      // What it complains about last is what the next change is to mend.
      const changed = before?.changed ?? new Set<string>();
      const failure = { command, complaint: complaintIn(event.output), changed };
      failures = [...failures.filter((each) => each !== before), failure].slice(-OPEN_FAILURES_MAX);
      continue;
    }
    const lesson = before === undefined ? correction(failures.at(-1), command) : repair(before);
    if (lesson !== null) lessons.push(lesson);
    failures = failures.filter((each) => each.command !== (lesson?.command ?? command));
  }
  return lessons.filter(isWorthKeeping).slice(-LESSONS_MAX);
}

/** Without a change nothing was mended; it only happened to pass. */
function repair({ command, complaint, changed }: Failure): Lesson | null {
  if (changed.size === 0) return null;
  return { kind: "repaired", command, complaint, changed: [...changed].toSorted() };
}

/** The same program with other arguments, or the same arguments for another program, at once. */
function correction(failure: Failure | undefined, worked: string): Lesson | null {
  if (failure === undefined || failure.changed.size > 0) return null;
  const { command, complaint } = failure;
  const [program, ...given] = command.split(/\s+/u);
  const [otherProgram, ...otherGiven] = worked.split(/\s+/u);
  const sameArguments = given.length > 0 && given.join(" ") === otherGiven.join(" ");
  const sharesArgument = given.some((each) => otherGiven.includes(each));
  if (program === otherProgram ? !sharesArgument : !sameArguments) return null;
  return { kind: "corrected", command, complaint, worked };
}

function isWorthKeeping(lesson: Lesson): boolean {
  const commands = [lesson.command, ...(lesson.kind === "corrected" ? [lesson.worked] : [])];
  return (
    !CONFIDENTIAL.test(lesson.complaint) &&
    commands.every(
      (command) =>
        command.length <= COMMAND_CHARACTERS_MAX &&
        !/\n/u.test(command) &&
        !CONFIDENTIAL.test(command),
    )
  );
}

/** The calls with their results, in the order in which they ran. */
function eventsOf(segments: readonly Segment[]): Event[] {
  const calls = new Map(
    segments.flatMap((segment) =>
      segment.role === "assistant"
        ? (segment.toolCalls ?? []).map((call) => [call.id, call] as const)
        : [],
    ),
  );
  return segments.flatMap((segment): Event[] => {
    if (segment.role !== "tool") return [];
    const given = calls.get(segment.toolCallId)?.arguments ?? {};
    const { command, path } = given;
    if (segment.toolName === "run_command" && typeof command === "string") {
      const [, code, output = ""] = /^Exit code (\d+)\.\n?([^]*)$/u.exec(segment.text) ?? [];
      if (code === undefined) return [];
      return [{ kind: "ran", command: command.trim(), failed: code !== "0", output }];
    }
    const changes = segment.toolName === "edit_file" || segment.toolName === "write_file";
    if (!changes || typeof path !== "string" || segment.text.startsWith("Error:")) return [];
    return [{ kind: "changed", path }];
  });
}

/** The first line that sounds like one, else the last. */
function complaintIn(output: string): string {
  const end = output.slice(-OUTPUT_CHARACTERS_MAX).split("\n");
  // What is cut off in the middle is no line.
  const whole = output.length > OUTPUT_CHARACTERS_MAX && end.length > 1 ? end.slice(1) : end;
  const lines = whole.map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => COMPLAINS.test(line)) ?? lines.at(-1) ?? "";
}
