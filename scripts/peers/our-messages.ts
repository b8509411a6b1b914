import type { Reuse } from "../../protocol/generate.ts";
import type { ModelFacts } from "../../protocol/model.ts";
import type { Reading } from "./peer.ts";

/** What the process of our engine is told when it starts, in its environment: one JSON value. */
export type OurTask = {
  readonly modelPath: string;
  readonly windowTokens: number;
  readonly threads: number | null;
};

export const OUR_TASK_VARIABLE = "KVASIR_PEERS_TASK";

export type OurRequest = { readonly prompt: readonly number[]; readonly reuse: Reuse };

export type OurMessage =
  | { readonly kind: "ready"; readonly facts: ModelFacts; readonly batchTokens: number }
  | { readonly kind: "reading"; readonly reading: Omit<Reading, "firstTokenMs"> }
  | { readonly kind: "failed"; readonly message: string };
