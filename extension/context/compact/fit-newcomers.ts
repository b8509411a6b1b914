import type { ContextCounts } from "../../../protocol/count.ts";
import type { Segment } from "../../../protocol/segment.ts";
import type { WindowState } from "../window/window-state.ts";
import { type Budgets, classifier, spentTokens, type TokenClass } from "./budgets.ts";
import { leftOut } from "./plan-compaction.ts";

export type Fitted = {
  readonly window: WindowState;
  /** One sentence for everything that was left out. */
  readonly refusals: readonly string[];
};

const NAMES: Readonly<Record<Exclude<TokenClass, "history">, string>> = {
  pinned: "instructions",
  files: "attached files",
  volatile: "the state of the editor",
};

/**
 * Leaves out what has just come and does not fit its budget, the last first. What has been resident
 * before stays: taking it out would make everything behind it be prefilled again.
 */
export function fitNewcomers(window: WindowState, counts: ContextCounts, budgets: Budgets): Fitted {
  const spent: Record<TokenClass, number> = { ...spentTokens(window, counts) };
  const classOf = classifier(window);
  const errata = new Set(window.files.flatMap(({ errataIds }) => errataIds));
  const gone = new Set<string>();
  const refusals: string[] = [];
  for (const segment of window.context.segments.toReversed()) {
    const name = classOf(segment);
    if (name === "history" || errata.has(segment.id) || !isNew(window, segment)) continue;
    if (spent[name] <= budgets[name]) continue;
    const tokens = counts.segments[segment.id] ?? 0;
    spent[name] -= tokens;
    gone.add(segment.id);
    refusals.push(
      `“${segment.label ?? segment.kind}” was left out: it has ${tokens} tokens, and ` +
        `${NAMES[name]} may take ${budgets[name]}.`,
    );
  }
  return gone.size === 0 ? { window, refusals } : { window: without(window, gone), refusals };
}

/** Guidance is new in the first turn only. The instructions themselves are not up for choice. */
function isNew({ turn, context }: WindowState, { stability, id }: Segment): boolean {
  if (stability === "core") return false;
  if (stability === "guidance") return turn <= 1 && id !== "date";
  // Behind the last answer, nothing has been resident yet.
  const answered = context.segments.findLastIndex(({ role }) => role === "assistant");
  return context.segments.findIndex((segment) => segment.id === id) > answered;
}

/** A call keeps its result, which says that it was left out: templates refuse a call without one. */
function without(window: WindowState, gone: ReadonlySet<string>): WindowState {
  const { context, files } = window;
  const errata = new Set(
    files.flatMap(({ segmentId, errataIds }) => (gone.has(segmentId) ? errataIds : [])),
  );
  const segments = context.segments.flatMap((segment): Segment[] => {
    if (errata.has(segment.id)) return [];
    if (!gone.has(segment.id)) return [segment];
    return segment.role === "tool" ? [{ ...segment, text: leftOut(segment.toolName) }] : [];
  });
  return {
    ...window,
    context: { ...context, version: context.version + 1, segments },
    files: files.filter(({ segmentId }) => !gone.has(segmentId)),
    volatileParts: window.volatileParts.filter(({ segmentId }) => !gone.has(segmentId)),
  };
}
