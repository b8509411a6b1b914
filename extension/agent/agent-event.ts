import type { StopReason } from "../../protocol/generate.ts";
import type { Usage } from "../../protocol/usage.ts";

/** How a call of a tool ended. */
export type CallEnd = "done" | "failed" | "stopped";

/** What the agent tells whoever watches. Nothing breaks when nobody does. */
export type AgentEvent =
  | { readonly kind: "stepStarted"; readonly step: number }
  | { readonly kind: "loading"; readonly share: number }
  | {
      readonly kind: "prefill";
      readonly reusedTokens: number;
      readonly processedTokens: number;
      readonly totalTokens: number;
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | {
      readonly kind: "answered";
      readonly step: number;
      readonly stop: StopReason;
      readonly usage: Usage;
      readonly firstTokenMs: number | null;
    }
  /** `sentence` says what is being done, as in “Reading src/a.ts”. */
  | {
      readonly kind: "callStarted";
      readonly callId: string;
      readonly tool: string;
      readonly sentence: string;
      /** The file that it is about, as the model named it; it is part of the sentence. */
      readonly path?: string;
    }
  | { readonly kind: "callOutput"; readonly callId: string; readonly text: string }
  /** `sentence` says in a few words what came of it. */
  | {
      readonly kind: "callEnded";
      readonly callId: string;
      readonly tool: string;
      readonly end: CallEnd;
      readonly sentence: string;
    }
  /** Something that the agent had to tell the model, such as that a call was no call. */
  | { readonly kind: "note"; readonly sentence: string }
  | { readonly kind: "stepEnded"; readonly step: number };
