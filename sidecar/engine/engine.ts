import type { Sampling, StopReason } from "../../protocol/generate.ts";
import type { ModelConfig, ModelFacts } from "../../protocol/model.ts";
import type { Tool, ToolCall } from "../../protocol/segment.ts";

/**
 * The port to whatever runs the model. One engine holds one model and one KV cache, and has one
 * user at a time: the lane sees to that. The engine obeys; deciding what to keep and what to
 * prefill is done elsewhere.
 */
export interface Engine {
  readonly facts: ModelFacts;
  readonly chat: ChatFormat;
  readonly tokenizer: Tokenizer;
  readonly cells: Cells;
  /** Expects all of the prompt but its last token to be resident. */
  generate(request: EngineRequest): Promise<EngineOutcome>;
  dispose(): Promise<void>;
}

export type ChatFormat = {
  /** The model's own Jinja template; `null` when its file has none. */
  readonly template: string | null;
  /** Whether the template writes tools; where not, they are written as `PLAIN_CALL` says. */
  readonly writesTools: boolean;
  readonly bosText: string;
  readonly eosText: string;
  /** The token every prompt must begin with, when the model wants one. */
  readonly bosToken: number | null;
};

export interface Tokenizer {
  /**
   * Ids of a text. With `specials`, names of special tokens in it become those tokens; that is
   * for template text only, never for what a user, a file or a tool says.
   */
  tokenize(text: string, options: { readonly specials: boolean }): number[];
  detokenize(tokens: readonly number[]): string;
}

export interface Cells {
  /** The most tokens one call of `decode` takes. */
  readonly batchTokens: number;
  /** Tokens computed since the engine was loaded. Differences of it are what the meter shows. */
  evaluatedTokens(): number;
  /** The ids whose keys and values are in the cache, by position. */
  resident(): readonly number[];
  /**
   * Forgets everything from `length` on. Answers what is resident then: less than asked for on
   * models whose state cannot be cut.
   */
  trim(length: number): Promise<number>;
  /** Computes and appends one batch. */
  decode(tokens: readonly number[]): Promise<void>;
}

export type EngineRequest = {
  readonly prompt: readonly number[];
  readonly tools: readonly Tool[];
  readonly toolChoice: "auto" | "none" | "required";
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
  readonly signal: AbortSignal;
  readonly onToken: (token: number) => void;
  readonly onPart: (part: AnswerPart) => void;
  /** Decodes these ids instead of sampled ones, as far as they go: recorded answers, tests. */
  readonly script?: readonly number[];
};

export type AnswerPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "toolCall"; readonly call: ToolCall };

export type EngineOutcome = {
  /** All that was generated, as sampled, without the end-of-generation token. */
  readonly tokens: readonly number[];
  readonly stop: StopReason;
};

/** Brings a model into memory. Fails with a `Refusal` that says why in one sentence. */
export type LoadEngine = (
  config: ModelConfig & { readonly path: string },
  options: {
    readonly onProgress: (share: number) => void;
    readonly signal: AbortSignal;
    /** Awaited before every decode: the seat of the scheduler. */
    readonly beforeDecode: () => Promise<void> | undefined;
  },
) => Promise<Engine>;
