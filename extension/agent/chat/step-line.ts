import type { StepMark } from "./chat-piece.ts";

/** The editor's icons in front of the lines of steps. */
const ICONS: Readonly<Record<StepMark, string>> = {
  done: "$(check)",
  failed: "$(error)",
  stopped: "$(circle-slash)",
  note: "$(info)",
  changed: "$(edit)",
};

/** The language of shown output; models hardly ever write it. */
export const OUTPUT_LANGUAGE = "console";

const STEP =
  /^\$\((?:check|error|circle-slash|info|edit)\).*$(?:\n+(`{3,})console\n[\s\S]*?\n\1$)?/gmu;

/** What stands in front of a step, which tells it from what the model says. */
export function iconOf(mark: StepMark): string {
  return ICONS[mark];
}

/** What the model said in an answer, as a chat shows it, without the steps between. */
export function withoutSteps(answer: string): string {
  return answer
    .replaceAll(STEP, "")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
}
