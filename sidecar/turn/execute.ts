import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import type { Piece, Plan } from "../plan/plan.ts";

type Keep = Extract<Piece, { readonly kind: "keep" }>;

/** A kept run in a branch of its own, where it is to stand from this position on. */
type Lifted = { readonly branch: number; readonly position: number };

export type Executed = {
  readonly complete: boolean;
  /** What was left of the prefix. */
  readonly prefixTokens: number;
  /** The number of the edit since which what was kept behind a change is stale. */
  readonly edit: number | null;
};

/** Computes wanted tokens from..to at the end of the active branch. Answers whether it finished. */
export type Prefill = (from: number, to: number) => Promise<boolean>;

/**
 * Carries out a plan. Kept runs behind the prefix are first lifted into branches of their own and
 * shifted there, all of them before the first decode, which then rotates them in one pass. The gaps
 * are computed in order and each run joins as it is reached. When a gap is cut short, the runs that
 * have not joined are given up: what is resident then is shorter and true.
 */
export async function execute(plan: Plan, kv: KvState, prefill: Prefill): Promise<Executed> {
  const pieces = plan.pieces.slice(1);
  const keeps = pieces.filter((piece) => piece.kind === "keep");
  if (keeps.length === 0) return await extend(plan, kv, pieces, prefill);
  const { prefixTokens } = plan;
  const lifted = new Map<Keep, Lifted>();
  const edit = kv.nextEdit();
  try {
    await lift(kv, prefixTokens, keeps, lifted);
    for (const piece of pieces) {
      if (piece.kind === "keep") await join(kv, piece, { lifted, edit });
      else if (!(await prefill(piece.from, piece.to))) {
        return { complete: false, prefixTokens, edit };
      }
    }
    return { complete: true, prefixTokens, edit };
  } finally {
    for (const { branch } of lifted.values()) kv.drop(branch);
  }
}

/** The plain case: cut behind the prefix and compute the rest. */
async function extend(
  { prefixTokens }: Plan,
  kv: KvState,
  pieces: readonly Piece[],
  prefill: Prefill,
): Promise<Executed> {
  const present = kv.ledger.lengthOf(ACTIVE);
  // A state that cannot be cut leaves less than asked for; what is lost is computed again.
  const left = present > prefixTokens ? await kv.trim(prefixTokens) : prefixTokens;
  const gaps = pieces.filter((piece) => piece.kind === "prefill");
  const end = gaps.at(-1)?.to ?? prefixTokens;
  const complete = left >= end || (await prefill(left, end));
  return { complete, prefixTokens: left, edit: null };
}

/** The indices of a plan count what was resident before anything moved, so they are read first. */
async function lift(
  kv: KvState,
  prefixTokens: number,
  keeps: readonly Keep[],
  lifted: Map<Keep, Lifted>,
): Promise<void> {
  const { ledger } = kv;
  const prefixEnd = ledger.endOf(ACTIVE, prefixTokens);
  const runs = keeps.map((keep) => ({
    keep,
    from: ledger.positionAt(ACTIVE, keep.resident),
    to: ledger.endOf(ACTIVE, keep.resident + keep.length),
  }));
  const whole = await kv.park(ACTIVE);
  try {
    kv.remove(whole, 0, prefixEnd);
    kv.remove(ACTIVE, prefixEnd, Number.POSITIVE_INFINITY);
    for (const { keep, from, to } of runs) {
      const branch = await kv.park(whole);
      lifted.set(keep, { branch, position: from + keep.delta });
      kv.remove(branch, 0, from);
      kv.remove(branch, to, Number.POSITIVE_INFINITY);
      // The run now belongs to its branch alone, so a shift moves nothing else.
      kv.remove(whole, from, to);
      if (keep.delta !== 0) kv.shift(branch, from, to, keep.delta);
    }
  } finally {
    kv.drop(whole);
  }
}

async function join(
  kv: KvState,
  keep: Keep,
  { lifted, edit }: { readonly lifted: Map<Keep, Lifted>; readonly edit: number },
): Promise<void> {
  const run = lifted.get(keep);
  if (run === undefined) throw new Error("A kept run was never lifted.");
  lifted.delete(keep);
  await kv.copy(run.branch, ACTIVE);
  kv.drop(run.branch);
  kv.markStale(run.position, edit);
}
