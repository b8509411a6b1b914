import type { ModelFacts } from "../../../protocol/model.ts";

/** What the benchmark asks its worker for. */
export type WorkerTask = {
  readonly bench: "splice" | "fork";
  readonly modelPath: string;
  readonly threads: number | null;
  readonly quick: boolean;
};

export type EditKind = "replace" | "replace-same" | "insert" | "delete" | "two-regions" | "append";

export type SpliceRow = {
  readonly contextTokens: number;
  readonly allocatedTokens: number;
  readonly edit: EditKind;
  readonly depth: number;
  readonly oldTokens: number;
  readonly newTokens: number;
  readonly prefilledTokens: number;
  readonly keptTokens: number;
  readonly firstTokenMs: number;
  readonly prefixOnlyMs: number;
  /** Decoding as many new tokens at the end of an equal context in the same allocation. */
  readonly limitMs: number;
  readonly speedupOverPrefix: number;
  readonly ratioToLimit: number;
  readonly klToExact: number;
};

export type ForkRow = {
  readonly contextTokens: number;
  readonly forkMs: number;
  readonly switchMs: number;
};

/** What the worker says when it has measured. */
export type Measured = {
  readonly facts: ModelFacts;
  /** The largest KL between fresh prefills of one prompt in batches of different size. */
  readonly noiseFloorKl: number | null;
};
