import type { ModelFacts } from "../../../protocol/model.ts";

/** The program that measures one step of the benchmark in a fresh process. */
export const RESTART_WORKER = "bench-restart.mjs";

type Step = {
  readonly modelPath: string;
  readonly threads: number | null;
  readonly windowTokens: number;
  readonly folder: string;
};

export type RestartTask =
  | (Step & { readonly kind: "save" | "restore"; readonly promptTokens: number })
  | (Step & { readonly kind: "lookup" });

/** The next token's probabilities behind a prompt, as pairs. */
export type Probabilities = readonly (readonly [token: number, share: number])[];

export type SaveResult = {
  readonly facts: ModelFacts;
  readonly coldMs: number;
  readonly saveMs: number;
  readonly heldMs: number;
  readonly heldMsMax: number;
  readonly bytesOnDisk: number;
  readonly probabilities: Probabilities;
};

export type RestoreResult = {
  readonly restoreMs: number;
  readonly lookupMs: number;
  /** The same again in the same process, with everything warm. */
  readonly lookupWarmMs: number;
  readonly restoredTokens: number;
  readonly probabilities: Probabilities;
};

export type LookupResult = {
  readonly promptTokens: number;
  /** Of a prompt that is stored in blocks, all of it. */
  readonly lookupMs: number;
  /** Of a prompt of which only a state near its beginning is stored. */
  readonly stateLookupMs: number;
};
