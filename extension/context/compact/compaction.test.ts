import { describe, expect, it } from "vitest";
import type { ContextCounts } from "../../../protocol/count.ts";
import { append } from "../change.ts";
import { view } from "../living/file-view.test-support.ts";
import { readableText } from "../living/readable-text.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { commit, commitWhenDone } from "../window/commit.ts";
import { followFile } from "../window/follow-files.ts";
import { answered, openedWindow, texts } from "../window/window.test-support.ts";
import type { WindowState } from "../window/window-state.ts";
import { applyCompaction } from "./apply-compaction.ts";
import { type Budgets, spentTokens } from "./budgets.ts";
import { compactionSentence } from "./compaction-sentence.ts";
import { budgets, countsOf, turns } from "./counts.test-support.ts";
import { planCompaction, planWholeCompaction } from "./plan-compaction.ts";

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

/** A turn whose last word is the result of a call, which may show a file. */
function callTurn(window: WindowState, number: number, uri?: string): WindowState {
  const asked = beginTurn(window, { volatile: [], message: `question ${number}` });
  const id = `call-${number}`;
  const output = `output-${number}`;
  const context = append(asked.context, [
    {
      id: `said-${number}`,
      role: "assistant",
      kind: "answer",
      stability: "recent",
      text: "",
      toolCalls: [{ id, name: "read", arguments: {} }],
    },
    {
      id: output,
      role: "tool",
      kind: uri === undefined ? "toolResult" : "file",
      stability: "recent",
      toolCallId: id,
      toolName: "read",
      text: "o".repeat(100),
    },
  ]);
  const shown = { ...view("one\n"), label: uri ?? "" };
  const file = { uri: uri ?? "", segmentId: output, shown, pending: null, errataIds: [] };
  const files = uri === undefined ? asked.files : [...asked.files, file];
  return commit({ ...asked, context, files });
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

  it("takes a turn that ended with a call for a whole one", () => {
    let window = openedWindow();
    for (let count = 0; count < 5; count++) window = callTurn(window, count);
    const compaction = planWholeCompaction(window, countsOf(window))!;
    expect(compaction.turns).toBe(3);
    const after = applyCompaction(window, compaction, null);
    expect(after.context.segments.slice(4).map(({ id }) => id)).toEqual(
      window.context.segments.slice(-6).map(({ id }) => id),
    );
  });

  it("leaves no result without its call, and follows no file that it no longer shows", () => {
    let window = callTurn(openedWindow(), 0, "a.ts");
    window = turns(2, callTurn(window, 1, "b.ts"));
    const outputs = plan(window, { history: 1, prompt: 1 })!;
    const all = planWholeCompaction(window, countsOf(window))!;
    for (const compaction of [outputs, all]) {
      const after = applyCompaction(window, compaction, null);
      const { segments } = after.context;
      expect(segments.filter(({ role }) => role === "tool")).toEqual([]);
      expect(after.files).toEqual([]);
    }
  });

  it("does not follow a file into the place of an output that was left out", () => {
    const window = turns(2, callTurn(callTurn(openedWindow(), 0, "a.ts"), 1, "b.ts"));
    const { history } = spentTokens(window, countsOf(window));
    const compaction = plan(window, { history: history - 1 })!;
    expect(compaction.steps.map(({ kind }) => kind)).toEqual(["toolOutputs"]);
    expect(applyCompaction(window, compaction, null).files).toEqual([]);
  });

  it("gives up all but the latest turns when somebody asks for room", () => {
    expect(planWholeCompaction(turns(12), countsOf(turns(12)))).toMatchObject({
      turns: 10,
      freedTokens: 200,
    });
    expect(planWholeCompaction(turns(2), countsOf(turns(2)))).toBeNull();
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
