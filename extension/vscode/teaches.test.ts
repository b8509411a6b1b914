import { expect, it } from "vitest";
import type { TurnEnd } from "./chat-turn.ts";
import { teaches } from "./teaches.ts";

const answered: TurnEnd = { kind: "answered", cancelled: false };
const explained = { sentence: "It failed.", remedy: "log" } as const;
const failed = (isKept: boolean): TurnEnd => ({ kind: "failed", explained, isKept });

it("learns from questions whose turn stands in the chat, and from nothing else", () => {
  expect(teaches("ask", answered)).toBe(true);
  expect(teaches("ask", { ...answered, cancelled: true })).toBe(true);
  expect(teaches("ask", failed(true))).toBe(true);
  expect(teaches("ask", failed(false))).toBe(false);
  for (const act of ["compact", "new", "resume"] as const) {
    expect(teaches(act, answered)).toBe(false);
  }
});
