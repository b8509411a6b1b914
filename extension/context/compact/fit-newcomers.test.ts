import { describe, expect, it } from "vitest";
import type { Segment } from "../../../protocol/segment.ts";
import { append } from "../change.ts";
import { view } from "../living/file-view.test-support.ts";
import { answerSegment } from "../segments.test-support.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { commitWhenDone } from "../window/commit.ts";
import { answered, openedWindow, texts } from "../window/window.test-support.ts";
import type { WindowState } from "../window/window-state.ts";
import { budgets, countsOf, turns } from "./counts.test-support.ts";
import { fitNewcomers } from "./fit-newcomers.ts";

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

  it("still answers its call when a tool has shown it, and takes notes about its changes along", () => {
    const toolCalls = [{ id: "1", name: "read_file", arguments: {} }];
    const answer = { ...answerSegment("call", ""), toolCalls };
    const shown: Segment = {
      id: "shown",
      role: "tool",
      kind: "file",
      stability: "recent",
      toolCallId: "1",
      toolName: "read_file",
      text: "a".repeat(100),
    };
    const note = {
      id: "note",
      role: "user",
      kind: "note",
      stability: "recent",
      text: "b",
    } as const;
    const file = { uri: "a", shown: view("a"), pending: null };
    const stopped: WindowState = {
      ...openedWindow(),
      context: append(openedWindow().context, [answer, shown, note]),
      files: [{ ...file, segmentId: "shown", errataIds: ["note"] }],
    };
    const { window, refusals } = fitNewcomers(stopped, countsOf(stopped), budgets({ files: 50 }));
    expect(refusals).toHaveLength(1);
    expect(window.files).toEqual([]);
    expect(window.context.segments.slice(-2)).toEqual([
      answer,
      { ...shown, text: "(This output of read_file was left out to make room.)" },
    ]);
  });

  it("is not what was resident before", () => {
    const later = beginTurn(commitWhenDone(answered(asked, "So.")), { volatile, message: "?" });
    expect(fitNewcomers(later, countsOf(later), budgets({ files: 1 })).window).toBe(later);
  });
});
