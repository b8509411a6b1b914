import { ACTIVE } from "../kv/ledger.ts";
import type { WrittenState } from "./saved.ts";
import type { StoredBlocks } from "./stored-cells.ts";

/**
 * Leaves the last block of these tokens alone in the active branch, writes it and puts everything
 * back. They are those of any branch, since only the active one can be written. Nothing is written unless the cells are what a fresh prefill of the tokens would compute: a
 * state saved while keys wait for their rotation holds the old keys under new positions.
 */
export async function writeBlock(
  { kv, files }: Pick<StoredBlocks, "kv" | "files">,
  path: string,
  tokens: readonly number[],
  { branch, from }: { readonly branch: number; readonly from: number },
): Promise<WrittenState> {
  const { ledger } = kv;
  if (ledger.commonPrefix(branch, tokens) < tokens.length) return { kind: "moved" };
  const exact =
    !ledger.hasPending &&
    ledger.exactTokens(branch) >= tokens.length &&
    // A fresh prefill leaves no hole.
    ledger.endOf(branch, tokens.length) === tokens.length;
  if (!exact || kv.freeBranches === 0) return { kind: "unsettled" };
  const aside = await kv.park(ACTIVE);
  try {
    if (branch !== ACTIVE) await kv.exchange(branch);
    kv.remove(ACTIVE, tokens.length, Number.POSITIVE_INFINITY);
    kv.remove(ACTIVE, 0, from);
    if (!ledger.isSettled(ACTIVE)) return { kind: "unsettled" };
    const stateBytes = await files.save(path, tokens.slice(from)).catch(() => null);
    return stateBytes === null ? { kind: "failed" } : { kind: "written", stateBytes };
  } finally {
    await kv.takeOver(aside);
  }
}
