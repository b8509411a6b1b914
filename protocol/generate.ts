import { ProgressType, RequestType } from "vscode-jsonrpc";
import * as z from "zod";
import { ContextAt } from "./context.ts";
import { Generated, Id, ToolCall } from "./segment.ts";
import { Usage } from "./usage.ts";

/** All are the engine's defaults when absent. `temperature` 0 is greedy. */
export const Sampling = z.object({
  temperature: z.number().min(0).max(5).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(0).optional(),
  minP: z.number().min(0).max(1).optional(),
  seed: z.int().nonnegative().optional(),
});
export type Sampling = z.infer<typeof Sampling>;

/**
 * Which resident cells may be used. `exact` (the default): only those that a fresh prefill would
 * compute the same. `splice`: also those behind a changed region, moved into place, which saw the
 * old text. `auto`: those only where text was taken out and none put in.
 */
export const Reuse = z.enum(["exact", "auto", "splice"]);
export type Reuse = z.infer<typeof Reuse>;

/**
 * client -> sidecar. Makes the prompt resident and generates. Streams `GenerateEvent`s as
 * `$/progress` on `streamToken`. A cancelled request still answers, with `stop: "cancelled"` and
 * what there is so far: the finished prefix stays resident.
 */
export const GenerateParams = ContextAt.extend({
  streamToken: z.union([z.string(), z.int()]),
  sampling: Sampling,
  /**
   * The longest answer, and 8,192 tokens when absent. It is shortened to what the window has left
   * behind the prompt; an answer that was cut ends with `stop: "maxTokens"`.
   */
  maxTokens: z.int().positive().optional(),
  /**
   * Refused with `promptTooLong` where the window has less room than this for the answer. Absent:
   * where it has too little for a useful one. The prompt itself is never cut.
   */
  roomTokens: z.int().positive().optional(),
  stopSequences: z.array(z.string().min(1)).max(16).optional(),
  reuse: Reuse.optional(),
  /** Tokens computed anew behind each seam of a splice. */
  healTokens: z.int().min(0).max(4096).optional(),
  /** Tools stand in the context; this says whether they may, must not or must be called. */
  toolChoice: z.enum(["auto", "none", "required"]).optional(),
});
export type GenerateParams = z.infer<typeof GenerateParams>;

export const StopReason = z.enum(["end", "stopSequence", "toolCalls", "maxTokens", "cancelled"]);
export type StopReason = z.infer<typeof StopReason>;

export const GenerateResult = z.object({
  generationId: Id,
  stop: StopReason,
  /** For `AnswerSegment.generated`. The text has been streamed already. */
  generated: Generated,
  usage: Usage,
  firstTokenMs: z.number().nullable(),
});
export type GenerateResult = z.infer<typeof GenerateResult>;

export const Generate = new RequestType<GenerateParams, GenerateResult, void>("kvasir/generate");

export const GenerateEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loading"), share: z.number() }),
  z.object({
    kind: z.literal("prefill"),
    reusedTokens: z.int(),
    processedTokens: z.int(),
    totalTokens: z.int(),
  }),
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("reasoning"), text: z.string() }),
  z.object({ kind: z.literal("toolCall"), call: ToolCall }),
]);
export type GenerateEvent = z.infer<typeof GenerateEvent>;

/** sidecar -> client, on the token of the request. */
export const GenerateStream = new ProgressType<GenerateEvent>();
