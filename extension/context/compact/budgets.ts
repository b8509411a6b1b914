import type { ContextCounts } from "../../../protocol/count.ts";
import type { Segment } from "../../../protocol/segment.ts";
import { isPinned } from "../window/layout.ts";
import type { WindowState } from "../window/window-state.ts";

/**
 * What shares a window. Each class has its own budget, so that a long file cannot push out the
 * conversation, nor a long conversation the file.
 */
export type TokenClass = "pinned" | "files" | "volatile" | "history";

export type Budgets = Readonly<Record<TokenClass, number>> & {
  /** All classes together: the window without the room for the answer. */
  readonly prompt: number;
};

/** The share of the window that is kept free for an answer, unless a shorter one was asked for. */
const ANSWER_SHARE = 1 / 4;
const SHARES: Readonly<Record<TokenClass, number>> = {
  pinned: 1 / 4,
  files: 1 / 2,
  volatile: 1 / 8,
  history: 1 / 2,
};

/**
 * Made anew from what the engine says of its window, each time: a window size that somebody
 * remembers is wrong after the next change of the model.
 */
export function budgetsFor(windowTokens: number, answerTokens: number | undefined): Budgets {
  const share = Math.floor(windowTokens * ANSWER_SHARE);
  const prompt = windowTokens - Math.min(answerTokens ?? share, share);
  const part = (name: TokenClass): number => Math.floor(prompt * SHARES[name]);
  return {
    prompt,
    pinned: part("pinned"),
    files: part("files"),
    volatile: part("volatile"),
    history: part("history"),
  };
}

/** What a window takes of each, in exact tokens. */
export function spentTokens(window: WindowState, counts: ContextCounts): Budgets {
  const spent = { pinned: counts.toolsTokens, files: 0, volatile: 0, history: 0 };
  const classOf = classifier(window);
  for (const segment of window.context.segments) {
    spent[classOf(segment)] += counts.segments[segment.id] ?? 0;
  }
  return { ...spent, prompt: spent.pinned + spent.files + spent.volatile + spent.history };
}

/** Notes about changes of a file count to the files. */
export function classifier(window: WindowState): (segment: Segment) => TokenClass {
  const files = new Set(
    window.files.flatMap(({ segmentId, errataIds }) => [segmentId, ...errataIds]),
  );
  return (segment) => {
    if (isPinned(segment)) return "pinned";
    if (files.has(segment.id)) return "files";
    return segment.stability === "volatile" ? "volatile" : "history";
  };
}
