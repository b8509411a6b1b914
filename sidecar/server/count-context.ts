import type { ContextCounts } from "../../protocol/count.ts";
import type { Segment } from "../../protocol/segment.ts";
import type { Window } from "../history/window.ts";

/** What the loaded model knows of tokens. */
type Counter = {
  readonly fingerprint: string;
  readonly windowTokens: number;
  countTokens(text: string): number;
};

/** Counts the parts of a window as they stand in the prompt, generated ids as they are. */
export function countContext({ segments, tools }: Window, counter: Counter): ContextCounts {
  const counts = segments.map((segment) => [segment.id, countSegment(segment, counter)] as const);
  const thoughts = segments.flatMap((segment) =>
    segment.role === "assistant" && segment.reasoning !== undefined
      ? [[segment.id, counter.countTokens(segment.reasoning)] as const]
      : [],
  );
  return {
    segments: Object.fromEntries(counts),
    reasoning: Object.fromEntries(thoughts),
    toolsTokens: tools.length === 0 ? 0 : counter.countTokens(JSON.stringify(tools)),
    windowTokens: counter.windowTokens,
  };
}

function countSegment(segment: Segment, counter: Counter): number {
  if (segment.role !== "assistant") return counter.countTokens(segment.text);
  const { text, reasoning, toolCalls, generated } = segment;
  if (generated?.fingerprint === counter.fingerprint) return generated.tokens.length;
  const calls = toolCalls === undefined ? "" : JSON.stringify(toolCalls);
  return [text, reasoning ?? "", calls]
    .filter((part) => part !== "")
    .reduce((tokens, part) => tokens + counter.countTokens(part), 0);
}
