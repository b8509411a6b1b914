export type SaveOptions = {
  /** The active one if absent. */
  readonly branch?: number;
  /** How many tokens of its front; all that are exact if absent. */
  readonly tokensMax?: number;
  /** Whether the last block is saved though it is not full. A state has no blocks and is always saved. */
  readonly partial: boolean;
  readonly signal: AbortSignal;
  /** Runs a job that needs the lane, one for each block; `null` when it could not have the lane. */
  readonly hold: <T>(job: () => Promise<T>) => Promise<T | null>;
};

export type Saved = {
  /** Tokens at the front of the branch that are in the store now. */
  readonly storedTokens: number;
  /** Files written: blocks, or a state. */
  readonly savedBlocks: number;
  readonly savedBytes: number;
  /** Time for which the lane was held, in all and at most at once. */
  readonly heldMs: number;
  readonly heldMsMax: number;
  /** Why it ended before all was saved; `full`: budget or disk have no room. */
  readonly ended: "complete" | "unsettled" | "moved" | "full" | "failed" | "aborted";
};

/** What became of writing cells out of the engine. */
export type WrittenState =
  | { readonly kind: "written"; readonly stateBytes: number }
  /** The cells are not what a fresh prefill would compute, or not yet. */
  | { readonly kind: "unsettled" }
  /** Other tokens are active now. */
  | { readonly kind: "moved" }
  /** The disk is full or broken. */
  | { readonly kind: "failed" };
