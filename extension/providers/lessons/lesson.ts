import { oneLine, quoted } from "../one-line.ts";

/** What once failed in a workspace, and what mended it. */
export type Lesson =
  /** The same command worked once files were changed. */
  | {
      readonly kind: "repaired";
      readonly command: string;
      readonly complaint: string;
      readonly changed: readonly string[];
    }
  /** Another command did what the first one should. */
  | {
      readonly kind: "corrected";
      readonly command: string;
      readonly complaint: string;
      readonly worked: string;
    };

/** Longer commands are programs, and not worth learning by heart. */
export const COMMAND_CHARACTERS_MAX = 120;
const COMPLAINT_CHARACTERS_MAX = 100;
const PATH_CHARACTERS_MAX = 100;
const PATHS_MAX = 4;

/**
 * One line for people and models. Whatever comes from commands and their output is quoted, short and
 * on one line: a repository decides what its tests print, and must not give orders that way.
 */
export function lessonLine(lesson: Lesson): string {
  const command = quoted(lesson.command, COMMAND_CHARACTERS_MAX);
  const complaint = oneLine(lesson.complaint, COMPLAINT_CHARACTERS_MAX);
  const failed = `${command} failed${complaint === "" ? "" : `, saying ${quoted(complaint, COMPLAINT_CHARACTERS_MAX)}`};`;
  if (lesson.kind === "corrected") {
    return `${failed} ${quoted(lesson.worked, COMMAND_CHARACTERS_MAX)} worked.`;
  }
  const paths = lesson.changed
    .slice(0, PATHS_MAX)
    .map((path) => quoted(path, PATH_CHARACTERS_MAX))
    .join(", ");
  const more = lesson.changed.length - PATHS_MAX;
  return `${failed} it passed after a change of ${paths}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** Whether a line was written by `lessonLine`, and for which command; `null` for people's own lines. */
export function commandOfLine(line: string): string | null {
  const pattern =
    /^`([^`]+)` failed(, saying `[^`]*`)?; (`[^`]+` worked|it passed after a change of `.+)\.$/u;
  return pattern.exec(line)?.[1] ?? null;
}
