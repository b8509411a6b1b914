import type { MeterReading } from "../../protocol/meter.ts";

/** Short prefills say more about the machine's mood than about its speed. */
const MEASURED_TOKENS_MIN = 32;
/** How much the latest turn counts: a laptop on battery is soon another machine. */
const LATEST_SHARE = 0.5;

/** The speed at which prompts were prefilled lately, as the sidecar measured it. */
export class PrefillSpeed {
  #tokensPerMs: number | null = null;

  add({ usage, prefillMs }: Pick<MeterReading, "usage" | "prefillMs">): void {
    if (usage.prefilledTokens < MEASURED_TOKENS_MIN || prefillMs <= 0) return;
    const latest = usage.prefilledTokens / prefillMs;
    this.#tokensPerMs =
      this.#tokensPerMs === null
        ? latest
        : LATEST_SHARE * latest + (1 - LATEST_SHARE) * this.#tokensPerMs;
  }

  /** How long so many tokens would take, or `null` before anything was measured. */
  msFor(tokens: number): number | null {
    return this.#tokensPerMs === null ? null : tokens / this.#tokensPerMs;
  }
}
