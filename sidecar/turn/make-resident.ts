import type { Cells } from "../engine/engine.ts";
import { type Plan, planPrefix } from "../plan/plan.ts";
import type { PrefillSpeed } from "./chunk.ts";

export type Residency = {
  readonly plan: Plan;
  /** Tokens computed by this call, as the engine counts; fewer than planned when cancelled. */
  readonly computedTokens: number;
  readonly prefillMs: number;
  readonly complete: boolean;
};

/**
 * Brings the cells to the wanted tokens: plans, then carries the plan out one chunk a call, so
 * that a cancel takes effect between chunks and what is finished stays.
 */
export async function makeResident(
  cells: Cells,
  wanted: readonly number[],
  options: {
    readonly leave: 0 | 1;
    readonly speed: PrefillSpeed;
    readonly signal: AbortSignal;
    readonly onProgress: (processedTokens: number, reusedTokens: number) => void;
  },
): Promise<Residency> {
  const { leave, speed, signal, onProgress } = options;
  let plan = planPrefix(wanted, cells.resident(), leave);
  const startMs = performance.now();
  const evaluatedBefore = cells.evaluatedTokens();
  let complete = true;
  for (const step of plan.steps) {
    if (step.kind === "trim") {
      const left = await cells.trim(step.length);
      if (left < step.length) {
        // The state could not be cut there, so less is resident than planned with.
        const lost = { tokenIndex: left, droppedTokens: step.length - left };
        const divergence = plan.divergence ?? lost;
        plan = { ...planPrefix(wanted, cells.resident(), leave), divergence };
      }
    }
  }
  const to = wanted.length - leave;
  let at = plan.prefixTokens;
  onProgress(at, plan.prefixTokens);
  while (at < to) {
    if (signal.aborted) {
      complete = false;
      break;
    }
    const chunk = wanted.slice(at, Math.min(to, at + speed.chunkTokens(cells.batchTokens)));
    const chunkStartMs = performance.now();
    await cells.decode(chunk);
    speed.record(chunk.length, performance.now() - chunkStartMs);
    at += chunk.length;
    onProgress(at, plan.prefixTokens);
  }
  const computedTokens = cells.evaluatedTokens() - evaluatedBefore;
  return { plan, computedTokens, prefillMs: performance.now() - startMs, complete };
}
