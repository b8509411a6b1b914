import { describe, expect, it } from "vitest";
import type { ContextCounts } from "../../../protocol/count.ts";
import type { Segment } from "../../../protocol/segment.ts";
import { append } from "../change.ts";
import { view } from "../living/file-view.test-support.ts";
import { readableText } from "../living/readable-text.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { commit, commitWhenDone } from "../window/commit.ts";
import { followFile } from "../window/follow-files.ts";
import { answered, openedWindow, texts } from "../window/window.test-support.ts";
import type { WindowState } from "../window/window-state.ts";
import { applyCompaction } from "./apply-compaction.ts";
import { type Budgets, budgetsFor, spentTokens } from "./budgets.ts";
import { compactionSentence } from "./compaction-sentence.ts";
import { fitNewcomers } from "./fit-newcomers.ts";
import { planCompaction } from "./plan-compaction.ts";

/** One token per character, which makes the figures easy to check. */
function countsOf({ context }: WindowState): ContextCounts {
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

function budgets(changed: Partial<Budgets>): Budgets {
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
function turns(count: number, window = openedWindow()): WindowState {
  let next = window;
  for (let turn = 0; turn < count; turn++) {
    next = beginTurn(next, { volatile: [], message: `question ${turn % 10}` });
    next = commitWhenDone(answered(next, `answer . ${turn % 10}`));
  }
  return next;
}

/** A turn in which the model thinks, calls a tool and reads its output. */
function toolTurn(window: WindowState): WindowState {
  const asked = beginTurn(window, { volatile: [], message: "question t" });
  const { version } = asked.context;
  const context = append(asked.context, [
    {
      id: `call-${version}`,
      role: "assistant",
      kind: "answer",
      stability: "recent",
      text: "",
      toolCalls: [{ id: "1", name: "read", arguments: {} }],
    },
    {
      id: `output-${version}`,
      role: "tool",
      kind: "toolResult",
      stability: "recent",
      toolCallId: "1",
      toolName: "read",
      text: "o".repeat(100),
    },
    {
      id: `said-${version}`,
      role: "assistant",
      kind: "answer",
      stability: "recent",
      text: "answer . t",
      reasoning: "because ".repeat(5),
      generated: { fingerprint: "model", tokens: [1, 2, 3] },
    },
  ]);
  return commit({ ...asked, context });
}

function plan(window: WindowState, changed: Partial<Budgets>) {
  return planCompaction(window, countsOf(window), budgets(changed));
}

describe("a compaction", () => {
  it("is not needed within the budgets", () => {
    expect(plan(turns(5), { history: 100 })).toBeNull();
    expect(plan(turns(5), { history: 99 })).not.toBeNull();
  });

  it("goes down to half of the budget, and no further", () => {
    const window = turns(12);
    const compaction = plan(window, { history: 200 })!;
    // Of 240 tokens 140 go, in turns of 20.
    expect(compaction).toMatchObject({ turns: 7, freedTokens: 140 });
    const after = applyCompaction(window, compaction, null);
    expect(texts(after)).not.toContain("question 6");
    expect(texts(after)).toContain("question 7");
  });

  it("knows before it runs what it frees and what has to be prefilled again", () => {
    const window = turns(12);
    const before = countsOf(window);
    const compaction = plan(window, { history: 200 })!;
    const after = applyCompaction(window, compaction, null);
    const total = (counts: ContextCounts): number =>
      Object.values(counts.segments).reduce((sum, tokens) => sum + tokens, 0);
    const note = texts(after)[3]!;
    expect(total(countsOf(after))).toBe(total(before) - compaction.freedTokens + note.length);
    const behind = texts(after).slice(4).join("").length;
    expect(compaction.reprefillTokens).toBe(behind);
  });

  it("gives up thoughts first, and the ids that spell them, but keeps the answers", () => {
    const window = turns(2, toolTurn(openedWindow()));
    const compaction = plan(window, { history: 180 })!;
    expect(compaction.steps.map(({ kind }) => kind)).toEqual(["reasoning", "toolOutputs"]);
    const onlyThoughts = planCompaction(
      window,
      countsOf(window),
      budgets({ prompt: spentTokens(window, countsOf(window)).prompt - 40 }),
    )!;
    expect(onlyThoughts.steps.map(({ kind }) => kind)).toEqual(["reasoning"]);
    expect(onlyThoughts.freedTokens).toBe(40);
    const said = applyCompaction(window, onlyThoughts, null).context.segments.find(
      ({ text }) => text === "answer . t",
    );
    expect(said).not.toHaveProperty("reasoning");
    expect(said).not.toHaveProperty("generated");
  });

  it("gives up all old outputs of tools at once, before any turn", () => {
    let window = openedWindow();
    for (let count = 0; count < 5; count++) window = toolTurn(window);
    const compaction = plan(window, { history: 780 })!;
    const outputs = compaction.steps.find(({ kind }) => kind === "toolOutputs");
    expect(outputs?.ids).toHaveLength(3);
    expect(compaction.turns).toBe(0);
    const after = applyCompaction(window, compaction, null);
    const left = after.context.segments.filter(({ role }) => role === "tool");
    expect(left.map(({ text }) => text.startsWith("(This output of read was left out"))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("keeps the last two turns and the one in progress, whatever the budget", () => {
    const window = beginTurn(turns(5), { volatile: [], message: "now" });
    const compaction = plan(window, { history: 1, prompt: 1 })!;
    expect(compaction.turns).toBe(3);
    expect(texts(applyCompaction(window, compaction, null)).slice(-5)).toEqual([
      "question 3",
      "answer . 3",
      "question 4",
      "answer . 4",
      "now",
    ]);
  });

  it("has nothing to give up when there are no old turns", () => {
    expect(plan(turns(2), { history: 1 })).toBeNull();
  });

  it("tells the model what is gone, once, however often it happens", () => {
    let window = turns(12);
    window = applyCompaction(window, plan(window, { history: 200 })!, null);
    expect(texts(window)[3]).toBe(
      "(The first 7 turns of this conversation were left out to make room.)",
    );
    window = turns(8, window);
    window = applyCompaction(window, plan(window, { history: 200 })!, "They talked.");
    const notes = texts(window).filter((text) => text.includes("left out to make room"));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^\(The first \d\d turns .* In short:\)\nThey talked\.$/su);
  });

  it("keeps core and guidance, and everything behind what it gives up, byte for byte", () => {
    const window = turns(12);
    const after = applyCompaction(window, plan(window, { history: 200 })!, null);
    expect(after.context.segments.slice(0, 3)).toEqual(window.context.segments.slice(0, 3));
    expect(after.context.segments.slice(4)).toEqual(window.context.segments.slice(3 + 14));
  });

  it("folds while it is at it, and keeps files that old turns have shown", () => {
    const files = [{ uri: "f", view: { ...view("one\n"), label: "f" } }];
    const shown = beginTurn(openedWindow(), { volatile: [], files, message: "question f" });
    const content = readableText("two\n");
    const long = turns(12, commitWhenDone(answered(shown, "answer . f")));
    const edited = followFile(long, "f", { uri: "f", label: "f", language: "", content });
    const after = applyCompaction(edited, plan(edited, { history: 200 })!, null);
    expect(texts(after)).toContain("f\n```\ntwo\n```\n");
    expect(after.files[0]?.pending).toBeNull();
  });

  it("gives up files only where the prompt would not fit otherwise, the oldest first", () => {
    let window = openedWindow();
    for (const uri of ["a", "b"]) {
      const files = [{ uri, view: { ...view(`${uri.repeat(300)}\n`), label: uri } }];
      window = beginTurn(window, { volatile: [], files, message: "question f" });
      window = commitWhenDone(answered(window, "answer . f"));
    }
    window = turns(2, window);
    const { prompt } = spentTokens(window, countsOf(window));
    expect(plan(window, { prompt })).toBeNull();
    const compaction = plan(window, { prompt: prompt - 200 })!;
    const after = applyCompaction(window, compaction, null);
    expect(after.files.map(({ uri }) => uri)).toEqual(["b"]);
    expect(texts(after).some((text) => text.startsWith("a\n(This file was left out"))).toBe(true);
  });

  it("says in one sentence what it costs", () => {
    const compaction = plan(turns(12), { history: 200 })!;
    expect(compactionSentence(compaction, 2_100)).toBe(
      "This chat makes room by leaving out 7 turns (140 tokens); " +
        "100 tokens behind them are prefilled again, about 3 s.",
    );
    expect(compactionSentence({ ...compaction, turns: 1 }, null)).toContain("1 turn (140 tokens)");
  });
});

describe("budgets", () => {
  it("leave room for the answer that is asked for, or a quarter of the window", () => {
    expect(budgetsFor(1_000, 200).prompt).toBe(800);
    expect(budgetsFor(1_000, undefined).prompt).toBe(750);
  });

  it("count every token of a window in exactly one class", () => {
    const files = [{ uri: "f", view: { ...view("one\n"), label: "f" } }];
    const volatile = [{ name: "State", text: "calm" }];
    const window = answered(beginTurn(openedWindow(), { volatile, files, message: "Why?" }), "So.");
    const counts = countsOf(window);
    const spent = spentTokens(window, counts);
    const total = Object.values(counts.segments).reduce((sum, tokens) => sum + tokens, 0);
    expect(spent.prompt).toBe(total);
    expect(spent.history).toBe("Why?So.".length);
    expect(spent.files).toBe("f\n```ts\none\n```\n".length);
    expect(spent.volatile).toBe("State, as of now:\ncalm".length);
  });
});

describe("what has just come", () => {
  const files = ["a", "b"].map((uri) => ({
    uri,
    view: { ...view(`${uri.repeat(100)}\n`), label: uri },
  }));
  const volatile = [{ name: "State", text: "s".repeat(100) }];
  const asked = beginTurn(turns(1), { volatile, files, message: "Why?" });

  it("stays where it fits", () => {
    expect(fitNewcomers(asked, countsOf(asked), budgets({}))).toEqual({
      window: asked,
      refusals: [],
    });
  });

  it("is left out where its class has no room, with a reason and exact figures", () => {
    const { window, refusals } = fitNewcomers(asked, countsOf(asked), budgets({ files: 150 }));
    const tokens = "b\n```ts\n\n```\n".length + 100;
    expect(refusals).toEqual([
      `“b” was left out: it has ${tokens} tokens, and attached files may take 150.`,
    ]);
    expect(window.files.map(({ uri }) => uri)).toEqual(["a"]);
    expect(texts(window).some((text) => text.startsWith("b\n"))).toBe(false);
  });

  it("is left out when it is volatile and too long, and comes again when it is shorter", () => {
    const { window } = fitNewcomers(asked, countsOf(asked), budgets({ volatile: 50 }));
    expect(window.volatileParts).toEqual([]);
    const next = beginTurn(window, { volatile: [{ name: "State", text: "short" }], message: "?" });
    expect(texts(next)).toContain("State, as of now:\nshort");
  });

  it("is guidance in the first turn only, and never the instructions", () => {
    const first = beginTurn(openedWindow(), { volatile: [], message: "Why?" });
    const { window } = fitNewcomers(first, countsOf(first), budgets({ pinned: 1 }));
    expect(texts(window)).toEqual(["Be brief.", "This conversation began on 2026-01-31.", "Why?"]);
    const later = beginTurn(turns(1), { volatile: [], message: "Why?" });
    expect(fitNewcomers(later, countsOf(later), budgets({ pinned: 1 })).window).toBe(later);
  });

  it("is not what was resident before", () => {
    const later = beginTurn(commitWhenDone(answered(asked, "So.")), { volatile, message: "?" });
    expect(fitNewcomers(later, countsOf(later), budgets({ files: 1 })).window).toBe(later);
  });
});
