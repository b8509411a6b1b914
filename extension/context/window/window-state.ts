import type { LivingFile } from "../living/living-file.ts";
import type { ContextState } from "../state.ts";

/**
 * When the messages of the current turn join the history: never, when asked to, or as soon as the
 * model has answered without calling a tool.
 */
export type Transition = "none" | "manual" | "agentCycle";

/** Text that is made anew each turn, such as the problems that the editor reports. */
export type VolatilePart = {
  readonly name: string;
  readonly segmentId: string;
  /** As the caller gave it, without the heading under which it stands. */
  readonly text: string;
};

/**
 * All that is known about one context window: what the model reads, and what has to be known to
 * keep it true and cheap. Plain data; a state that has been handed out never changes.
 */
export type WindowState = {
  /** What the sidecar mirrors. */
  readonly context: ContextState;
  readonly transition: Transition;
  /** The day of the first turn. The prompt keeps it, so midnight changes no prefix. */
  readonly startedOn: string;
  /** Turns begun so far. */
  readonly turn: number;
  /** The number in the next id that is made here. */
  readonly nextNumber: number;
  /** Those that hold now, at most one of a name. */
  readonly volatileParts: readonly VolatilePart[];
  /** Those that no longer hold and go with the next fold, the latest last. */
  readonly staleParts: readonly VolatilePart[];
  readonly files: readonly LivingFile[];
  /** Turns that were left out to make room. */
  readonly droppedTurns: number;
};
