import { describe, expect, it } from "vitest";
import { view } from "../living/file-view.test-support.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { commitWhenDone } from "../window/commit.ts";
import { answered, openedWindow, texts } from "../window/window.test-support.ts";
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

  it("is not what was resident before", () => {
    const later = beginTurn(commitWhenDone(answered(asked, "So.")), { volatile, message: "?" });
    expect(fitNewcomers(later, countsOf(later), budgets({ files: 1 })).window).toBe(later);
  });
});
