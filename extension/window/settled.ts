import type { Usage } from "../../protocol/usage.ts";

/** What came of settling. */
export type Settled = {
  readonly folded: boolean;
  /** Of making the result resident; `null` when there was nothing to do. */
  readonly usage: Usage | null;
};
