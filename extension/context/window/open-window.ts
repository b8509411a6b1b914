import type { Segment, TextSegment, Tool } from "../../../protocol/segment.ts";
import { canonicalTools } from "./canonical-tools.ts";
import type { Transition, WindowState } from "./window-state.ts";

/** Text that holds for the whole session, such as AGENTS.md. */
export type GuidanceText = { readonly label: string; readonly text: string };

export type OpeningOptions = {
  readonly id: string;
  readonly instructions: string;
  readonly guidance: readonly GuidanceText[];
  readonly tools: readonly Tool[];
  /** As `2026-01-31`. */
  readonly startedOn: string;
  readonly transition: Transition;
};

/**
 * A window before its first turn. What is put in here is read by the model in every turn and is
 * never moved or changed, so it has to be short.
 */
export function openWindow(options: OpeningOptions): WindowState {
  const { id, instructions, guidance, tools, startedOn, transition } = options;
  const date = `This conversation began on ${startedOn}.`;
  const segments: Segment[] = [
    pinned("instructions", "core", "Kvasir's instructions", instructions),
    ...guidance.map(({ label, text }, index) =>
      pinned(`guidance-${index + 1}`, "guidance", label, `${label}\n\n${text.toWellFormed()}`),
    ),
    pinned("date", "guidance", "date", date),
  ];
  return {
    context: { id, version: 1, segments, tools: canonicalTools([], tools) },
    transition,
    startedOn,
    turn: 0,
    nextNumber: 1,
    volatileParts: [],
    staleParts: [],
    files: [],
    droppedTurns: 0,
  };
}

function pinned(
  id: string,
  stability: "core" | "guidance",
  label: string,
  text: string,
): TextSegment {
  const kind = stability === "core" ? "instructions" : "guidance";
  return { id, role: "system", kind, stability, label: label.slice(0, 500), text };
}
