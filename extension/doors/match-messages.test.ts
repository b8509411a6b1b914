import { describe, expect, it } from "vitest";
import type { Segment } from "../../protocol/segment.ts";
import { bestMatch, keepMatching, matchSegments } from "./match-messages.ts";
import { type Message, wantedSegments } from "./message.ts";

const message = (role: Message["role"], text: string, more: Partial<Message> = {}): Message => ({
  role,
  text,
  toolCalls: [],
  toolResults: [],
  ...more,
});

const call = { id: "call-1", name: "read", arguments: { path: "a" } };
const first = [message("system", "Be brief."), message("user", "Hi")];
const answer: Segment = {
  id: "generation",
  role: "assistant",
  kind: "answer",
  stability: "recent",
  text: "Hello!\n",
  generated: { fingerprint: "f", tokens: [1, 2] },
};
const second = [...first, message("assistant", "Hello!"), message("user", "Bye")];

let ids = 0;
const newId = (): string => `new-${++ids}`;
const openedWith = (messages: readonly Message[]): Segment[] =>
  keepMatching([], wantedSegments(messages), newId);

describe("messages of a stateless caller", () => {
  it("keep the answer as it was generated when it comes back, trimmed", () => {
    const current = [...openedWith(first), answer];
    const segments = keepMatching(current, wantedSegments(second), newId);
    expect(segments.slice(0, 3)).toEqual(current);
    expect(segments[2]).toBe(answer);
    expect(segments[3]).toMatchObject({ role: "user", text: "Bye" });
  });

  it("become a new answer when the caller changed it", () => {
    const changed = second.with(2, message("assistant", "Hello?"));
    const segments = keepMatching([...openedWith(first), answer], wantedSegments(changed), newId);
    expect(segments[2]).not.toHaveProperty("generated");
  });

  it("keep what stands behind a changed message", () => {
    const current = openedWith(second);
    const segments = keepMatching(
      current,
      wantedSegments(second.with(0, message("system", "Be long."))),
      newId,
    );
    expect(segments.slice(1)).toEqual(current.slice(1));
    expect(segments[0]?.id).not.toBe(current[0]?.id);
  });

  it("count nothing twice when they repeat themselves", () => {
    const twice = [message("user", "a"), message("user", "a")];
    expect(matchSegments(openedWith(twice.slice(1)), wantedSegments(twice))).toEqual({
      prefix: 1,
      suffix: 0,
    });
  });

  it("tell calls with other arguments apart", () => {
    const called = message("assistant", "", { toolCalls: [call] });
    const other = message("assistant", "", { toolCalls: [{ ...call, arguments: { path: "b" } }] });
    expect(matchSegments(openedWith([called]), wantedSegments([other])).prefix).toBe(0);
    expect(matchSegments(openedWith([called]), wantedSegments([called])).prefix).toBe(1);
  });

  it("give a tool's result the name of its call", () => {
    const segments = wantedSegments([
      message("assistant", "", { toolCalls: [call] }),
      message("user", "", { toolResults: [{ callId: "call-1", text: "text of a" }] }),
    ]);
    expect(segments[1]).toMatchObject({ role: "tool", toolName: "read", text: "text of a" });
  });

  it("leave out messages that say nothing", () => {
    expect(wantedSegments([message("assistant", ""), message("user", "")])).toEqual([]);
  });
});

describe("the conversation that messages continue", () => {
  const mine = [...openedWith(first), answer];
  const other = openedWith([message("system", "Be brief."), message("user", "Other")]);

  it("is the one with the longest prefix", () => {
    expect(bestMatch([other, mine], wantedSegments(second))).toBe(1);
  });

  it("is none when only the instructions are shared", () => {
    const strangers = [message("system", "Be brief."), message("user", "Who?")];
    expect(bestMatch([mine], wantedSegments(strangers))).toBeNull();
  });

  it("is the same one when its last message was edited", () => {
    const edited = [message("system", "Be brief."), message("user", "Hi there")];
    expect(bestMatch([openedWith(first)], wantedSegments(edited))).toBe(0);
  });

  it("is the same one when only its instructions changed", () => {
    const changed = second.with(0, message("system", "Today is Monday."));
    expect(bestMatch([openedWith(second)], wantedSegments(changed))).toBe(0);
  });
});
