import type { ErrorKind } from "../../protocol/errors.ts";

/** Why a turn ended before the model said that it was done. */
export type EarlyEnd =
  | "user"
  | "steps"
  | "tokens"
  | "window"
  | "loop"
  | "garbage"
  | "unfinished"
  | "model";

/** How a turn of the agent ended. */
export type AgentOutcome =
  /** `text` is the model's last word: a final answer, or the summary with which it finished. */
  | { readonly kind: "done"; readonly text: string }
  | {
      readonly kind: "ended";
      readonly why: EarlyEnd;
      readonly sentence: string;
      /** What the sidecar called it, where it is an error of its own. */
      readonly error?: ErrorKind;
    };

export function ended(why: EarlyEnd, sentence: string, error?: ErrorKind): AgentOutcome {
  return { kind: "ended", why, sentence, ...(error === undefined ? {} : { error }) };
}
