import type { Reuse } from "../../protocol/generate.ts";
import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { type Plan, planReuse } from "../plan/plan.ts";
import { isRestoreCheaper, RESTORE_TOKENS_MIN } from "../plan/plan-restore.ts";
import { Refusal } from "../refusal.ts";
import type { ModelStore } from "../store/model-store.ts";
import type { PrefillSpeed } from "./chunk.ts";
import { execute, type Prefill } from "./execute.ts";

export type Residency = {
  readonly plan: Plan;
  /** Wanted tokens that stayed in place: fewer than planned on models whose state cannot be cut. */
  readonly prefixTokens: number;
  /** Of those, what was read back from the store. */
  readonly restoredTokens: number;
  /** Tokens computed by this call, as the engine counts; fewer than planned when cancelled. */
  readonly computedTokens: number;
  readonly prefillMs: number;
  readonly complete: boolean;
  /** The number of the edit since which what was kept behind a change is stale. */
  readonly edit: number | null;
};

export type ResidencyOptions = {
  readonly leave: 0 | 1;
  readonly reuse: Reuse;
  readonly healTokens: number;
  /** Positions that the wanted tokens may take up: the window without the answer. */
  readonly positionsMax: number;
  /** Lengths at which the state is kept, where the engine cannot cut it; rising. */
  readonly checkpointsAt: readonly number[];
  readonly speed: PrefillSpeed;
  /** Absent or `null` when nothing is kept on disk. */
  readonly stored?: ModelStore | null;
  /** Computes nothing, and leaves alone what is resident unless something was restored. */
  readonly storedOnly?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (processedTokens: number, reusedTokens: number) => void;
};

/** Branches that splicing leaves to parked conversations and to agents that take turns. */
const RESERVED_BRANCHES = 14;

/**
 * Brings the active branch to the wanted tokens: restores what is cheaper to read than to compute,
 * plans the rest, then carries the plan out one chunk a call, so that a cancel takes effect between
 * chunks and what is finished stays. What cannot fit is refused before anything moves.
 */
export async function makeResident(
  kv: KvState,
  wanted: readonly number[],
  options: ResidencyOptions,
): Promise<Residency> {
  const { speed, signal, onProgress } = options;
  requireRoom(wanted.length, Math.min(options.positionsMax, kv.ledger.cellsTokens));
  const startMs = performance.now();
  const { plan, restoredTokens } = await restoreFirst(kv, wanted, options);
  if (options.storedOnly === true) {
    const { prefixTokens } = plan;
    const prefillMs = performance.now() - startMs;
    const nothing = { complete: false, edit: null, computedTokens: 0, prefillMs };
    return { ...nothing, plan: { ...plan, divergence: null }, prefixTokens, restoredTokens };
  }
  const evaluatedBefore = kv.evaluatedTokens();
  const reusedTokens = plan.prefixTokens + plan.splicedTokens;
  const stops = kv.keepsCheckpoints ? options.checkpointsAt : [];
  onProgress(plan.prefixTokens, reusedTokens);
  const prefill: Prefill = async (from, to) => {
    for (let at = from; at < to;) {
      if (signal.aborted) return false;
      if (stops.includes(at)) await kv.checkpoint();
      const stop = stops.find((length) => length > at) ?? to;
      const end = Math.min(to, stop, at + speed.chunkTokens(kv.batchTokens));
      const chunk = wanted.slice(at, end);
      const rotates = kv.ledger.hasPending;
      const elapsedMs = await kv.decode(chunk);
      if (rotates) speed.recordShift(chunk.length, elapsedMs);
      else speed.record(chunk.length, elapsedMs);
      at += chunk.length;
      onProgress(at, reusedTokens);
    }
    if (stops.includes(to)) await kv.checkpoint();
    return true;
  };
  // Warming what is resident already loses nothing that stands behind it.
  const { complete, prefixTokens, edit } =
    plan.prefixTokens === wanted.length
      ? { complete: true, prefixTokens: wanted.length, edit: null }
      : await execute(plan, kv, prefill);
  return {
    plan,
    prefixTokens,
    restoredTokens,
    complete,
    edit,
    prefillMs: performance.now() - startMs,
    computedTokens: kv.evaluatedTokens() - evaluatedBefore,
  };
}

/**
 * The plan, after what the store has of the prompt was restored if that is the cheaper way. What it
 * gives up then is known only to the plan that was made before.
 */
async function restoreFirst(
  kv: KvState,
  wanted: readonly number[],
  options: ResidencyOptions,
): Promise<{ readonly plan: Plan; readonly restoredTokens: number }> {
  const { stored = null, speed, signal } = options;
  const plan = planFor(kv, wanted, options);
  const common = Math.min(kv.ledger.commonPrefix(ACTIVE, wanted), kv.exactTokens());
  // As much as a cut would leave of it.
  const exactTokens = kv.landing(common);
  const wantedTokens = wanted.length - options.leave;
  // Not every model can cut the last token off again.
  const front = wanted.slice(0, wantedTokens);
  const asks = stored !== null && wantedTokens - exactTokens >= RESTORE_TOKENS_MIN;
  // Where conversations cannot wait aside, this would cost somebody else theirs.
  const spares = options.storedOnly === true && !kv.canMove && kv.resident().length > 0;
  if (!asks || spares || signal.aborted) return { plan, restoredTokens: 0 };
  const found = await stored.lookup(front);
  const { speeds } = speed;
  const offer = { wantedTokens, exactTokens, storedTokens: found.tokens, speeds };
  if (!isRestoreCheaper(plan, offer)) {
    speed.doubtRestore();
    return { plan, restoredTokens: 0 };
  }
  const { restoredTokens, restoreMs } = await stored.restore(front, found, signal);
  speed.recordRestore(restoredTokens, restoreMs);
  const rest = planFor(kv, wanted, options);
  const lost = plan.divergence;
  const computed = lost !== null && rest.prefixTokens <= lost.tokenIndex;
  return {
    plan: { ...rest, divergence: computed ? lost : rest.divergence },
    restoredTokens,
  };
}

function planFor(
  kv: KvState,
  wanted: readonly number[],
  { leave, reuse, healTokens, positionsMax, speed }: ResidencyOptions,
): Plan {
  const { ledger } = kv;
  return planReuse(wanted, kv.resident(), {
    reuse,
    leave,
    healTokens,
    positionsMax,
    exactTokens: kv.exactTokens(),
    landing: (tokens) => kv.landing(tokens),
    runsMax: kv.canMove ? Math.max(0, kv.freeBranches - RESERVED_BRANCHES) : 0,
    stretches: ledger.stretchesOf(ACTIVE),
    canShift: ({ resident, length }) =>
      kv.canShift &&
      ledger.isSingleOwner(
        ACTIVE,
        ledger.positionAt(ACTIVE, resident),
        ledger.endOf(ACTIVE, resident + length),
      ),
    speeds: speed.speeds,
  });
}

function requireRoom(promptTokens: number, roomTokens: number): void {
  if (promptTokens <= roomTokens) return;
  throw new Refusal(
    "promptTooLong",
    `The prompt has ${promptTokens} tokens and there is room for ${roomTokens}.`,
    { promptTokens, roomTokens },
  );
}
