import type { Reuse } from "../../protocol/generate.ts";
import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { type Plan, planReuse } from "../plan/plan.ts";
import type { PrefillSpeed } from "./chunk.ts";
import { execute, type Prefill } from "./execute.ts";

export type Residency = {
  readonly plan: Plan;
  /** Wanted tokens that stayed in place: fewer than planned on models whose state cannot be cut. */
  readonly prefixTokens: number;
  /** Tokens computed by this call, as the engine counts; fewer than planned when cancelled. */
  readonly computedTokens: number;
  readonly prefillMs: number;
  readonly complete: boolean;
};

export type ResidencyOptions = {
  readonly leave: 0 | 1;
  readonly reuse: Reuse;
  readonly healTokens: number;
  readonly speed: PrefillSpeed;
  readonly signal: AbortSignal;
  readonly onProgress: (processedTokens: number, reusedTokens: number) => void;
};

/** Branches that splicing leaves to others. */
const RESERVED_BRANCHES = 2;

/**
 * Brings the active branch to the wanted tokens: plans, then carries the plan out one chunk a call,
 * so that a cancel takes effect between chunks and what is finished stays.
 */
export async function makeResident(
  kv: KvState,
  wanted: readonly number[],
  options: ResidencyOptions,
): Promise<Residency> {
  const { leave, reuse, healTokens, speed, signal, onProgress } = options;
  const plan = planReuse(wanted, kv.resident(), {
    reuse,
    leave,
    healTokens,
    exactTokens: kv.exactTokens(),
    runsMax: kv.canMove ? Math.max(0, kv.freeBranches - RESERVED_BRANCHES) : 0,
    canShift: ({ resident, length }) =>
      kv.canShift && kv.ledger.isSingleOwner(ACTIVE, resident, resident + length),
    shiftTokens: speed.tokensFor(kv.shiftMs),
  });
  const startMs = performance.now();
  const evaluatedBefore = kv.evaluatedTokens();
  const reusedTokens = plan.prefixTokens + plan.splicedTokens;
  onProgress(plan.prefixTokens, reusedTokens);
  const prefill: Prefill = async (from, to) => {
    for (let at = from; at < to;) {
      if (signal.aborted) return false;
      const chunk = wanted.slice(at, Math.min(to, at + speed.chunkTokens(kv.batchTokens)));
      const chunkStartMs = performance.now();
      await kv.decode(chunk);
      speed.record(chunk.length, performance.now() - chunkStartMs);
      at += chunk.length;
      onProgress(at, reusedTokens);
    }
    return true;
  };
  // Warming what is resident already loses nothing that stands behind it.
  const { complete, prefixTokens } =
    plan.prefixTokens === wanted.length
      ? { complete: true, prefixTokens: wanted.length }
      : await execute(plan, kv, prefill);
  return {
    plan,
    prefixTokens,
    computedTokens: kv.evaluatedTokens() - evaluatedBefore,
    prefillMs: performance.now() - startMs,
    complete,
  };
}
