import { append } from "../change.ts";
import { answerSegment } from "../segments.test-support.ts";
import { openWindow, type OpeningOptions } from "./open-window.ts";
import type { WindowState } from "./window-state.ts";

export function openedWindow(options: Partial<OpeningOptions> = {}): WindowState {
  return openWindow({
    id: "w",
    instructions: "Be brief.",
    guidance: [{ label: "AGENTS.md", text: "Use tabs." }],
    tools: [],
    startedOn: "2026-01-31",
    transition: "agentCycle",
    ...options,
  });
}

/** The window after the model has answered. */
export function answered(window: WindowState, text: string): WindowState {
  const answer = answerSegment(`answer-${window.context.version}`, text);
  return { ...window, context: append(window.context, [answer]) };
}

export function texts(window: WindowState): string[] {
  return window.context.segments.map(({ text }) => text);
}

export function stabilities(window: WindowState): string[] {
  return window.context.segments.map(({ stability }) => stability);
}
