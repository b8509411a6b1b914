import { expect, it } from "vitest";
import { openWindow } from "../context/window/open-window.ts";
import { retell } from "../context/window/retell.ts";
import { compactedSentence, resumedText } from "./session-sentences.ts";

it("says what making room has done, in tokens", () => {
  const compacted = { kind: "compacted", beforeTokens: 12_040, afterTokens: 980 } as const;
  expect(compactedSentence(compacted)).toBe(
    "The prompt of this session had 12,040 tokens and now has 980.",
  );
  expect(compactedSentence({ kind: "nothing" })).toMatch(/^Nothing was left out: .*\.$/u);
});

it("shows where a session was that is gone on with", () => {
  const opened = openWindow({
    id: "w",
    instructions: "Be brief.",
    guidance: [],
    tools: [],
    startedOn: "2026-01-31",
    transition: "agentCycle",
  });
  const window = retell(opened, { message: "Why?\nReally?", answer: "b".repeat(500) });
  const turn = {
    id: "t",
    act: "ask",
    prompt: "Why?",
    cancelled: false,
    lastSegmentId: "a",
  } as const;
  const session = { id: "s", title: "Why `x`?", name: null, turns: [turn], window };
  expect(resumedText(session).split("\n")).toEqual([
    "This chat goes on with `Why 'x'?`: the model knows its 1 question and answers; the chat view cannot show them again.",
    "",
    "The last question was:",
    "",
    "> Why?",
    "> Really?",
    "",
    "The last answer was:",
    "",
    `> ${"b".repeat(400)}…`,
  ]);
});
