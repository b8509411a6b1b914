/** A fault that the editor reports in a file of the window. */
export type Problem = {
  readonly label: string;
  /** From zero. */
  readonly line: number;
  readonly message: string;
};

/** More say nothing that the first ones do not. */
const PROBLEMS_MAX = 20;
const MESSAGE_CHARACTERS_MAX = 200;

/** How problems are told: a line each, in one order, whatever the order in which they were reported. */
export function problemLines(problems: readonly Problem[]): string {
  const sorted = problems.map(lineOf).toSorted();
  const more = sorted.length - PROBLEMS_MAX;
  return [...sorted.slice(0, PROBLEMS_MAX), ...(more > 0 ? [`(and ${more} more)`] : [])].join("\n");
}

/** What a problem says, in one short line. */
export function shortMessage(message: string): string {
  return message.replaceAll(/\s+/gu, " ").slice(0, MESSAGE_CHARACTERS_MAX).toWellFormed();
}

function lineOf({ label, line, message }: Problem): string {
  return `${label}, line ${line + 1}: ${shortMessage(message)}`;
}
