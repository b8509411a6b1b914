import { expect, it } from "vitest";
import { beginTurn } from "./begin-turn.ts";
import { fold } from "./fold.ts";
import { foldTokens } from "./fold-tokens.ts";
import { openWindow } from "./open-window.ts";
import type { WindowState } from "./window-state.ts";

const opened = openWindow({
  id: "w",
  instructions: "Be brief.",
  guidance: [],
  tools: [],
  startedOn: "2026-01-31",
  transition: "none",
});
const git = (text: string) => [{ name: "Git status", text }];

/** As many tokens as characters. */
function tokensOf(window: WindowState): number | null {
  const { fromIndex } = fold(window);
  const segments = Object.fromEntries(
    window.context.segments.map(({ id, text }) => [id, text.length]),
  );
  return foldTokens(window, fromIndex!, {
    segments,
    toolsTokens: 0,
    reasoning: {},
    windowTokens: 0,
  });
}

function talked(message: string): WindowState {
  const first = beginTurn(opened, { message, volatile: git("a".repeat(40)) });
  return beginTurn(first, { message: "Next", volatile: git("b".repeat(40)) });
}

it("counts what stands behind the first text that goes, without those that go", () => {
  const next = "Git status, as of now:\n".length + 40 + "Next".length;
  expect(tokensOf(talked("x".repeat(100)))).toBe(100 + next);
});

it("is no work that is worth doing for a few tokens of old text before many others", () => {
  expect(tokensOf(talked("x".repeat(2_000)))).toBeNull();
});

it("is worth it for a file that has changed, whatever stands behind", () => {
  const view = {
    label: "a.ts",
    language: "",
    content: { kind: "text", text: "1" },
    lines: null,
  } as const;
  const shown = beginTurn(opened, {
    message: "x".repeat(2_000),
    files: [{ uri: "a", view }],
    volatile: [],
  });
  const files = shown.files.map((file) => ({ ...file, pending: { ...view, label: "b.ts" } }));
  expect(tokensOf({ ...shown, files })).toBeGreaterThan(2_000);
});
