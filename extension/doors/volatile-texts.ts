import type { VolatileText } from "../context/window/refresh-volatile.ts";

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

/** What is true of the surroundings now and may be otherwise with the next message. */
export function volatileTexts(
  startedOn: string,
  now: { readonly today: string; readonly problems: readonly Problem[] },
): VolatileText[] {
  const { today, problems } = now;
  return [
    // The day of the session stands in the guidance already.
    ...(today === startedOn ? [] : [{ name: "Date", text: today }]),
    ...(problems.length === 0
      ? []
      : [{ name: "Errors in the files above", text: lines(problems) }]),
  ];
}

/** In one order, whatever the order in which they were reported. */
function lines(problems: readonly Problem[]): string {
  const sorted = problems.map(lineOf).toSorted();
  const more = sorted.length - PROBLEMS_MAX;
  return [...sorted.slice(0, PROBLEMS_MAX), ...(more > 0 ? [`(and ${more} more)`] : [])].join("\n");
}

function lineOf({ label, line, message }: Problem): string {
  const short = message.replaceAll(/\s+/gu, " ").slice(0, MESSAGE_CHARACTERS_MAX);
  return `${label}, line ${line + 1}: ${short}`;
}
