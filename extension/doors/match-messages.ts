import type { AnswerSegment, Segment, ToolCall } from "../../protocol/segment.ts";
import type { Wanted } from "./message.ts";

/** How much of a conversation's segments stands, unchanged, at both ends of the wanted ones. */
export type Match = { readonly prefix: number; readonly suffix: number };

export function matchSegments(current: readonly Segment[], wanted: readonly Wanted[]): Match {
  const shorter = Math.min(current.length, wanted.length);
  let prefix = 0;
  while (prefix < shorter && says(current[prefix]!, wanted[prefix]!)) prefix++;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    says(current[current.length - 1 - suffix]!, wanted[wanted.length - 1 - suffix]!)
  ) {
    suffix++;
  }
  return { prefix, suffix };
}

/**
 * The wanted segments, of which those that a conversation has already are its own: with their ids
 * and, for answers, with the tokens as they were generated.
 */
export function keepMatching(
  current: readonly Segment[],
  wanted: readonly Wanted[],
  newId: () => string,
): Segment[] {
  const { prefix, suffix } = matchSegments(current, wanted);
  const between = wanted.slice(prefix, wanted.length - suffix);
  return [
    ...current.slice(0, prefix),
    ...between.map((segment): Segment => ({ ...segment, id: newId() })),
    ...current.slice(current.length - suffix),
  ];
}

/**
 * The conversation that the messages most likely continue, or `null` when they share less than
 * half with each: then taking one over would cost more, to its own next turn, than it brings.
 */
export function bestMatch(
  conversations: readonly (readonly Segment[])[],
  wanted: readonly Wanted[],
): number | null {
  let best: { index: number; match: Match } | null = null;
  for (const [index, current] of conversations.entries()) {
    const match = matchSegments(current, wanted);
    const shared = match.prefix + match.suffix;
    if (shared === 0 || shared * 2 < current.length) continue;
    if (best === null || isLonger(match, best.match)) best = { index, match };
  }
  return best?.index ?? null;
}

function isLonger(one: Match, other: Match): boolean {
  return one.prefix === other.prefix ? one.suffix > other.suffix : one.prefix > other.prefix;
}

function says(segment: Segment, wanted: Wanted): boolean {
  if (segment.role === "assistant") {
    return wanted.role === "assistant" && isSameAnswer(segment, wanted);
  }
  if (segment.role !== wanted.role || segment.text !== wanted.text) return false;
  return (
    segment.role !== "tool" || (wanted.role === "tool" && segment.toolCallId === wanted.toolCallId)
  );
}

/** Callers trim what they were given, which makes it no other answer. */
function isSameAnswer(
  answer: Pick<AnswerSegment, "text" | "toolCalls">,
  wanted: Pick<AnswerSegment, "text" | "toolCalls">,
): boolean {
  return (
    answer.text.trim() === wanted.text.trim() &&
    spelled(answer.toolCalls) === spelled(wanted.toolCalls)
  );
}

function spelled(toolCalls: readonly ToolCall[] = []): string {
  return JSON.stringify(toolCalls.map(({ id, name, arguments: given }) => [id, name, given]));
}
