import type { GenerateEvent } from "../../protocol/generate.ts";
import { progressText } from "../meter/progress-text.ts";

const FIRST_PAUSE_MS = 1_000;

/**
 * Picks the few moments of a turn at which the chat view hears of progress. Every line stays
 * there, so the pauses double: a prefill of a minute makes six lines.
 */
export class ProgressPace {
  #lastKind: GenerateEvent["kind"] | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #quietUntilMs = 0;

  /** The line to show for this event, if it is time for one. */
  lineFor(event: GenerateEvent, nowMs: number): string | null {
    const begins = event.kind !== this.#lastKind;
    this.#lastKind = event.kind;
    if (event.kind === "reasoning") return begins ? "thinking…" : null;
    const text = progressText(event);
    if (text === null || (!begins && nowMs < this.#quietUntilMs)) return null;
    this.#pauseMs = begins ? FIRST_PAUSE_MS : this.#pauseMs * 2;
    this.#quietUntilMs = nowMs + this.#pauseMs;
    return text;
  }
}
