import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import type { Piece, Plan } from "../plan/plan.ts";

type Keep = Extract<Piece, { readonly kind: "keep" }>;

export type Executed = {
  readonly complete: boolean;
  /** What was left of the prefix. */
  readonly prefixTokens: number;
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
  const pieces = plan.pieces.filter(({ kind }, at) => kind === "prefill" || at > 0);
  const keeps = pieces.filter((piece) => piece.kind === "keep");
  if (keeps.length === 0) return await extend(plan, kv, pieces, prefill);
  const { prefixTokens } = plan;
  const lifted = await lift(kv, prefixTokens, keeps);
  try {
    for (const piece of pieces) {
      if (piece.kind === "keep") await join(kv, piece, lifted);
      else if (!(await prefill(piece.from, piece.to))) return { complete: false, prefixTokens };
    }
    return { complete: true, prefixTokens };
  } finally {
    for (const branch of lifted.values()) kv.drop(branch);
  }
}

/** The plain case: cut behind the prefix and compute the rest. */
async function extend(
  { prefixTokens }: Plan,
  kv: KvState,
  pieces: readonly Piece[],
  prefill: Prefill,
): Promise<Executed> {
  const present = kv.resident().length;
  // A state that cannot be cut leaves less than asked for; what is lost is computed again.
  const left = present > prefixTokens ? await kv.trim(prefixTokens) : prefixTokens;
  const gaps = pieces.filter((piece) => piece.kind === "prefill");
  const end = gaps.at(-1)?.to ?? prefixTokens;
  return { complete: left >= end || (await prefill(left, end)), prefixTokens: left };
}

async function lift(
  kv: KvState,
  prefix: number,
  keeps: readonly Keep[],
): Promise<Map<Keep, number>> {
  const lifted = new Map<Keep, number>();
  const whole = await kv.park(ACTIVE);
  kv.remove(whole, 0, prefix);
  kv.remove(ACTIVE, prefix, Number.POSITIVE_INFINITY);
  for (const keep of keeps) {
    const { resident: from, length } = keep;
    const branch = await kv.park(whole);
    kv.remove(branch, 0, from);
    kv.remove(branch, from + length, Number.POSITIVE_INFINITY);
    // The run now belongs to its branch alone, so a shift moves nothing else.
    kv.remove(whole, from, from + length);
    if (keep.wanted !== from) kv.shift(branch, from, from + length, keep.wanted - from);
    lifted.set(keep, branch);
  }
  kv.drop(whole);
  return lifted;
}

async function join(kv: KvState, keep: Keep, lifted: Map<Keep, number>): Promise<void> {
  const branch = lifted.get(keep);
  if (branch === undefined) throw new Error("A kept run was never lifted.");
  lifted.delete(keep);
  await kv.copy(branch, ACTIVE);
  kv.drop(branch);
  kv.markStale(keep.wanted);
}
