import type { Reuse } from "../../protocol/generate.ts";
import type { ModelFacts } from "../../protocol/model.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { RecordedSession } from "../../extension/sessions/recorded-session.ts";

/** What the command and its worker, which holds the model, say to each other. */

export const POLICIES = ["naive", "prefix", "exact", "auto", "splice"] as const satisfies (
  | Reuse
  | "naive"
  | "prefix"
)[];
/**
 * `naive`: everything is prefilled for every call. `prefix`: what a server with one slot does, the
 * longest common prefix with the one prompt that is resident. The others are the sidecar's own.
 */
export type Policy = (typeof POLICIES)[number];

export type ReplayTask = {
  readonly modelPath: string;
  readonly threads: number | null;
  readonly policy: Policy;
  /** `null` is the window. */
  readonly limitTokens: number | null;
  readonly sessions: readonly RecordedSession[];
};

/** One call of the model: what its prompt cost, and the answer that was decoded behind it. */
export type ReplayedCall = {
  readonly usage: Usage;
  readonly firstTokenMs: number;
};

/** Why a session was left before its last call. */
export type EndReason = "promptOverLimit" | "noRoomForAnswer";

export type ReplayedSession = {
  readonly session: string;
  readonly calls: readonly ReplayedCall[];
  readonly recordedCalls: number;
  readonly endedBecause: EndReason | null;
  /** Answers that were not decoded as recorded: with other ids, or without their thoughts. */
  readonly alteredAnswers: number;
};

export type ReplayDone = { readonly facts: ModelFacts };
