import type { Damage } from "./block-file.ts";

export type Restored = {
  /** Tokens that came from the disk and were not resident. */
  readonly restoredTokens: number;
  readonly lookupMs: number;
  /** All of it, the look-up included. */
  readonly restoreMs: number;
  /** Files that were not what they should be. The store has dropped them; say so once. */
  readonly damaged: readonly DamagedBlock[];
  /** Why the store could not be asked, in a sentence. */
  readonly failure: string | null;
};

export type DamagedBlock = { readonly hash: string; readonly damage: Damage };
