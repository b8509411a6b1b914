import { RequestType } from "vscode-jsonrpc";
import type { ContextAt } from "./context.ts";

/** Tokens of a context window's parts, by the tokenizer of the model that will read them. */
export type ContextCounts = {
  /** Of the segments' contents, by id. What the chat template puts around them is not in it. */
  readonly segments: Readonly<Record<string, number>>;
  /** Of the thoughts in answers, by id; they are part of the counts above. */
  readonly reasoning: Readonly<Record<string, number>>;
  readonly toolsTokens: number;
  /** Positions that a prompt and its answer may use. */
  readonly windowTokens: number;
};

/**
 * client -> sidecar. Counts what the mirror holds, so that no text travels to be counted. Loads the
 * model unless it is in memory.
 */
export const CountContext = new RequestType<ContextAt, ContextCounts, void>("kvasir/context/count");
