import { expect, it } from "vitest";
import { beginTurn } from "./begin-turn.ts";
import { commit, commitWhenDone } from "./commit.ts";
import { fold } from "./fold.ts";
import { answered, openedWindow, stabilities, texts } from "./window.test-support.ts";
import type { WindowState } from "./window-state.ts";

const opened = openedWindow();

function turn(window: WindowState, state: string, message: string): WindowState {
  const begun = beginTurn(window, { volatile: [{ name: "State", text: state }], message });
  return commitWhenDone(answered(begun, `Answer to ${message}`));
}

it("opens with the core, then the guidance and the day of the session", () => {
  expect(texts(opened)).toEqual([
    "Be brief.",
    "AGENTS.md\n\nUse tabs.",
    "This conversation began on 2026-01-31.",
  ]);
  expect(stabilities(opened)).toEqual(["core", "guidance", "guidance"]);
});

it("begins a turn with what is volatile, and ends it with the message", () => {
  const begun = beginTurn(opened, { volatile: [{ name: "State", text: "s" }], message: "Why?" });
  expect(texts(begun).slice(3)).toEqual(["State, as of now:\ns", "Why?"]);
  expect(stabilities(begun).slice(3)).toEqual(["volatile", "recent"]);
  expect(begun.turn).toBe(1);
});

it("replaces half a character in a message, which no model could read", () => {
  const begun = beginTurn(opened, { volatile: [], message: "a\ud83d" });
  expect(texts(begun).at(-1)).toBe("a\ufffd");
});

it("joins a turn to the history when the model has answered finally", () => {
  expect(stabilities(turn(opened, "s", "Why?")).slice(3)).toEqual([
    "volatile",
    "history",
    "history",
  ]);
});

it("keeps a turn open while the model calls tools", () => {
  const begun = answered(beginTurn(opened, { volatile: [], message: "Why?" }), "");
  const segments = begun.context.segments.map((segment) =>
    segment.role === "assistant"
      ? { ...segment, toolCalls: [{ id: "1", name: "read", arguments: {} }] }
      : segment,
  );
  const calling = { ...begun, context: { ...begun.context, segments } };
  expect(commitWhenDone(calling)).toBe(calling);
});

it.each(["none", "manual"] as const)("joins nothing by itself in mode %s", (transition) => {
  const done = turn({ ...opened, transition }, "s", "Why?");
  expect(stabilities(done).slice(4)).toEqual(["recent", "recent"]);
  expect(stabilities(commit(done)).slice(4)).toEqual(["history", "history"]);
});

it("changes no text and no generated id when a turn joins the history", () => {
  const open = answered(beginTurn(opened, { volatile: [], message: "Why?" }), "So.");
  const committed = commit(open);
  const contents = ({ context }: WindowState): unknown =>
    context.segments.map(({ stability: _, ...rest }) => rest);
  expect(contents(committed)).toEqual(contents(open));
});

it("folds nothing when nothing has changed", () => {
  const done = turn(opened, "s", "Why?");
  expect(fold(done)).toEqual({ window: done, fromIndex: null });
});

it("folds old parts away and puts those that hold behind the history", () => {
  const two = turn(turn(opened, "old", "One?"), "new", "Two?");
  const { window, fromIndex } = fold(two);
  expect(fromIndex).toBe(3);
  expect(texts(window).slice(3)).toEqual([
    "One?",
    "Answer to One?",
    "Two?",
    "Answer to Two?",
    "State, as of now:\nnew",
  ]);
  expect(window.staleParts).toEqual([]);
  expect(fold(window).fromIndex).toBeNull();
});

it("touches nothing before the first part that it folds away", () => {
  let window = turn(turn(opened, "1", "One?"), "2", "Two?");
  window = turn(fold(window).window, "3", "Three?");
  const folded = fold(window);
  expect(folded.window.context.segments.slice(0, folded.fromIndex!)).toEqual(
    window.context.segments.slice(0, folded.fromIndex!),
  );
  expect(folded.fromIndex).toBe(7);
});

it("survives being stored as JSON", () => {
  const window = turn(opened, "s", "Why?");
  expect(JSON.parse(JSON.stringify(window))).toEqual(window);
});
