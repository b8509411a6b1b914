import { describe, expect, it } from "vitest";
import { answer, system, toolResult, user } from "../history/segments.test-support.ts";
import { messagesOf } from "./messages.ts";

function shape(segments: Parameters<typeof messagesOf>[0]): string[] {
  return messagesOf(segments).map(
    (message) => `${message.role}: ${message.segments.map(({ id }) => id).join(" ")}`,
  );
}

describe("messages", () => {
  it("join neighbouring segments of one role", () => {
    const segments = [system("s1", ""), system("s2", ""), user("u1", ""), user("u2", "")];
    expect(shape(segments)).toEqual(["system: s1 s2", "user: u1 u2"]);
  });

  it("do not join segments of one role that stand apart", () => {
    expect(shape([user("u1", ""), system("s", ""), user("u2", "")])).toEqual([
      "user: u1",
      "system: s",
      "user: u2",
    ]);
  });

  it("keep answers and tool results apart, each is one event", () => {
    const segments = [
      answer("a1", ""),
      answer("a2", ""),
      toolResult("t1", ""),
      toolResult("t2", ""),
    ];
    expect(shape(segments)).toEqual(["assistant: a1", "assistant: a2", "tool: t1", "tool: t2"]);
  });

  it("are none for no segments", () => {
    expect(messagesOf([])).toEqual([]);
  });
});
