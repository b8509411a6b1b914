import { expect, it } from "vitest";
import { openWindow } from "../context/window/open-window.ts";
import type { SavedTurn, TurnAct } from "../window/stored-session.ts";
import { forkSession, isSharedBehind } from "./fork-session.ts";

const turn = (id: string, act: TurnAct = "ask"): SavedTurn => ({
  id,
  act,
  prompt: id,
  cancelled: false,
  lastSegmentId: id,
});

it("goes the same way under an id of its own, which its window has too", () => {
  const opening = { id: "w", instructions: "", guidance: [], tools: [], startedOn: "2026-01-31" };
  const window = openWindow({ ...opening, transition: "agentCycle" });
  const session = { id: "w", title: "t", name: null, turns: [turn("a")], window };
  const fork = forkSession(session, "x");
  expect(fork).toEqual({
    ...session,
    id: "x",
    window: { ...window, context: { ...window.context, id: "x" } },
  });
});

it("is called for where another chat builds on the turns that would go", () => {
  const turns = [turn("a"), turn("b"), turn("r", "resume"), turn("c")];
  expect(isSharedBehind({ turns }, 2)).toBe(true);
  expect(isSharedBehind({ turns }, 3)).toBe(false);
  expect(isSharedBehind({ turns }, 4)).toBe(false);
});
