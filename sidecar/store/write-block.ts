import { ACTIVE } from "../kv/ledger.ts";
import type { StoredCells } from "./stored-cells.ts";

export type WrittenState =
  | { readonly kind: "written"; readonly stateBytes: number }
  /** The cells are not what a fresh prefill would compute, or not yet. */
  | { readonly kind: "unsettled" }
  /** Other tokens are active now. */
  | { readonly kind: "moved" }
  /** The disk is full or broken. */
  | { readonly kind: "failed" };

/**
 * Leaves the last block of these tokens alone in the active branch, writes it and puts everything
 * back. Nothing is written unless the cells are what a fresh prefill of the tokens would compute: a
 * state saved while keys wait for their rotation holds the old keys under new positions.
 */
export async function writeBlock(
  { kv, files }: Pick<StoredCells, "kv" | "files">,
  path: string,
  tokens: readonly number[],
  from: number,
): Promise<WrittenState> {
  const { ledger } = kv;
  if (ledger.commonPrefix(ACTIVE, tokens) < tokens.length) return { kind: "moved" };
  const exact =
    !ledger.hasPending &&
    kv.exactTokens() >= tokens.length &&
    // A fresh prefill leaves no hole.
    ledger.endOf(ACTIVE, tokens.length) === tokens.length;
  if (!exact || kv.freeBranches === 0) return { kind: "unsettled" };
  const aside = await kv.park(ACTIVE);
  try {
    kv.remove(ACTIVE, tokens.length, Number.POSITIVE_INFINITY);
    kv.remove(ACTIVE, 0, from);
    if (!ledger.isSettled(ACTIVE)) return { kind: "unsettled" };
    const stateBytes = await files.save(path, tokens.slice(from)).catch(() => null);
    return stateBytes === null ? { kind: "failed" } : { kind: "written", stateBytes };
  } finally {
    await kv.takeOver(aside);
  }
}
