import type { ContextCounts } from "../../../protocol/count.ts";
import type { Segment } from "../../../protocol/segment.ts";
import { fold } from "../window/fold.ts";
import type { WindowState } from "../window/window-state.ts";
import { type Budgets, classifier, spentTokens } from "./budgets.ts";
import { turnsOf } from "./turns-of.ts";

/** The latest turns are never touched: what is asked next is mostly about them. */
const TURNS_KEPT = 2;

/**
 * What is given up, mildest first: thoughts behind which an answer stands, outputs of tools that
 * have been read, whole turns, and at last files.
 */
export type CompactionStep = {
  readonly kind: "reasoning" | "toolOutputs" | "turns" | "files";
  readonly ids: readonly string[];
  readonly freedTokens: number;
};

export type Compaction = {
  readonly steps: readonly CompactionStep[];
  /** How many turns the step of that name gives up. */
  readonly turns: number;
  readonly freedTokens: number;
  /** What stands behind the first change and has to be prefilled again. */
  readonly reprefillTokens: number;
};

/**
 * What to give up so that a window is within its budgets, or `null` when it is. It goes down to
 * half of the budget at once: every compaction costs a prefill, so few large ones are cheaper than
 * many small ones.
 */
export function planCompaction(
  window: WindowState,
  counts: ContextCounts,
  budgets: Budgets,
): Compaction | null {
  const spent = spentTokens(window, counts);
  if (spent.history <= budgets.history && spent.prompt <= budgets.prompt) return null;
  const wantedTokens = Math.max(
    spent.history - Math.floor(budgets.history / 2),
    spent.prompt - budgets.prompt,
  );
  const planner = new Planner(window, counts);
  planner.giveUpReasoning(wantedTokens);
  planner.giveUpToolOutputs(wantedTokens);
  planner.giveUpTurns(wantedTokens);
  planner.giveUpFiles(spent.prompt - budgets.prompt);
  return planner.result();
}

/**
 * All that may go, whatever the budgets say: every turn but the latest. `null` when there are no
 * others.
 */
export function planWholeCompaction(window: WindowState, counts: ContextCounts): Compaction | null {
  const planner = new Planner(window, counts);
  planner.giveUpTurns(Infinity);
  return planner.result();
}

class Planner {
  readonly #window: WindowState;
  readonly #counts: ContextCounts;
  readonly #old: readonly Segment[][];
  readonly #isHistory: (segment: Segment) => boolean;
  readonly #steps: CompactionStep[] = [];
  #turns = 0;
  #freedTokens = 0;

  constructor(window: WindowState, counts: ContextCounts) {
    this.#window = window;
    this.#counts = counts;
    this.#old = turnsOf(window.context.segments).slice(0, -TURNS_KEPT);
    const classOf = classifier(window);
    this.#isHistory = (segment) => classOf(segment) === "history";
  }

  giveUpReasoning(wantedTokens: number): void {
    if (this.#freedTokens >= wantedTokens) return;
    const thoughtful = this.#old.flat().filter(({ id }) => (this.#counts.reasoning[id] ?? 0) > 0);
    this.#add("reasoning", thoughtful, ({ id }) => this.#counts.reasoning[id] ?? 0);
  }

  giveUpToolOutputs(wantedTokens: number): void {
    if (this.#freedTokens >= wantedTokens) return;
    const outputs = this.#old.flat().filter((segment) => {
      return segment.role === "tool" && segment.text !== leftOut(segment.toolName);
    });
    this.#add("toolOutputs", outputs, (segment) => this.#tokensOf(segment));
  }

  giveUpTurns(wantedTokens: number): void {
    const given: Segment[] = [];
    const already = new Map(
      this.#steps.flatMap(({ ids, kind }) =>
        ids.map((id) => [id, kind === "reasoning" ? this.#counts.reasoning[id]! : null] as const),
      ),
    );
    const freed = (segment: Segment): number => {
      const before = already.get(segment.id);
      return before === null ? 0 : this.#tokensOf(segment) - (before ?? 0);
    };
    let freedTokens = this.#freedTokens;
    for (const turn of this.#old) {
      if (freedTokens >= wantedTokens) break;
      // A result without its call is none, so a file that a tool has shown goes with its turn.
      const said = turn.filter((segment) => this.#isHistory(segment) || segment.role === "tool");
      freedTokens += said.reduce((sum, segment) => sum + freed(segment), 0);
      given.push(...said);
      this.#turns++;
    }
    this.#add("turns", given, freed);
  }

  /** The ones shown first, and only as many as it takes to fit at all. */
  giveUpFiles(wantedTokens: number): void {
    const ids = new Map(this.#window.context.segments.map((segment) => [segment.id, segment]));
    const gone = new Set(this.#steps.flatMap((step) => step.ids));
    const given: Segment[] = [];
    let freedTokens = this.#freedTokens;
    for (const { segmentId } of this.#window.files) {
      if (freedTokens >= wantedTokens) break;
      const segment = ids.get(segmentId);
      if (segment === undefined || gone.has(segmentId)) continue;
      // A file of the turn in progress is what the user asks about.
      if (segment.stability === "recent") continue;
      given.push(segment);
      freedTokens += this.#tokensOf(segment);
    }
    this.#add("files", given, (segment) => this.#tokensOf(segment));
  }

  result(): Compaction | null {
    const given = new Set(this.#steps.flatMap(({ ids }) => ids));
    if (given.size === 0) return null;
    const { segments } = this.#window.context;
    const folded = fold(this.#window).fromIndex ?? segments.length;
    const first = segments.findIndex(({ id }) => given.has(id));
    const behind = segments.slice(Math.min(folded, first));
    const behindTokens = behind.reduce((sum, segment) => sum + this.#tokensOf(segment), 0);
    return {
      steps: this.#steps,
      turns: this.#turns,
      freedTokens: this.#freedTokens,
      reprefillTokens: Math.max(0, behindTokens - this.#freedTokens),
    };
  }

  #tokensOf({ id }: Segment): number {
    return this.#counts.segments[id] ?? 0;
  }

  #add(
    kind: CompactionStep["kind"],
    segments: readonly Segment[],
    freed: (segment: Segment) => number,
  ): void {
    if (segments.length === 0) return;
    const freedTokens = segments.reduce((sum, segment) => sum + freed(segment), 0);
    this.#steps.push({ kind, ids: segments.map(({ id }) => id), freedTokens });
    this.#freedTokens += freedTokens;
  }
}

/** What stands in the place of a tool's output. */
export function leftOut(toolName: string): string {
  return `(This output of ${toolName} was left out to make room.)`;
}
