import type { VolatileText } from "../context/window/refresh-volatile.ts";
import type { WindowState } from "../context/window/window-state.ts";
import { today } from "./today.ts";

/** What is true of the surroundings now and was not said when the session was opened. */
export function volatileTexts({ startedOn }: WindowState): VolatileText[] {
  const now = today();
  return now === startedOn ? [] : [{ name: "Date", text: now }];
}
