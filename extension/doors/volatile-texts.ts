import type { VolatileText } from "../context/window/refresh-volatile.ts";
import { type Problem, problemLines } from "./problem-lines.ts";

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
      : [{ name: "Errors in the files above", text: problemLines(problems) }]),
  ];
}
