import type { ContextCounts } from "../../../protocol/count.ts";
import type { Segment } from "../../../protocol/segment.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { commitWhenDone } from "../window/commit.ts";
import { answered, openedWindow } from "../window/window.test-support.ts";
import type { WindowState } from "../window/window-state.ts";
import type { Budgets } from "./budgets.ts";

/** One token per character, which makes the figures easy to check. */
export function countsOf({ context }: WindowState): ContextCounts {
  const thoughts = (segment: Segment): number =>
    segment.role === "assistant" ? (segment.reasoning ?? "").length : 0;
  const entries = context.segments.map((segment) => [
    segment.id,
    segment.text.length + thoughts(segment),
  ]);
  return {
    segments: Object.fromEntries(entries) as Record<string, number>,
    reasoning: Object.fromEntries(
      context.segments
        .filter((segment) => thoughts(segment) > 0)
        .map((segment) => [segment.id, thoughts(segment)]),
    ),
    toolsTokens: 0,
    windowTokens: 1_000,
  };
}

export function budgets(changed: Partial<Budgets>): Budgets {
  const plenty = 1_000_000;
  return {
    prompt: plenty,
    pinned: plenty,
    files: plenty,
    volatile: plenty,
    history: plenty,
    ...changed,
  };
}

/** Ten characters of question and ten of answer a turn. */
export function turns(count: number, window = openedWindow()): WindowState {
  let next = window;
  for (let turn = 0; turn < count; turn++) {
    next = beginTurn(next, { volatile: [], message: `question ${turn % 10}` });
    next = commitWhenDone(answered(next, `answer . ${turn % 10}`));
  }
  return next;
}
