import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { GenerateEvent } from "../../protocol/generate.ts";
import { PacedEvents } from "./paced-events.ts";

let sent: GenerateEvent[];
let events: PacedEvents;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  events = new PacedEvents((event) => sent.push(event));
});
afterEach(() => {
  vi.useRealTimers();
});

const text = (value: string): GenerateEvent => ({ kind: "text", text: value });
const reasoning = (value: string): GenerateEvent => ({ kind: "reasoning", text: value });

it("sends the first text at once and gathers what follows", () => {
  for (const part of ["a", "b", "c"]) events.add(text(part));
  expect(sent).toEqual([text("a")]);
  vi.advanceTimersByTime(25);
  expect(sent).toEqual([text("a"), text("bc")]);
});

it("sends a text at once again after a pause", () => {
  events.add(text("a"));
  vi.advanceTimersByTime(1_000);
  events.add(text("b"));
  expect(sent).toEqual([text("a"), text("b")]);
});

it("never mixes reasoning and text, nor changes their order", () => {
  for (const event of [text("a"), reasoning("b"), reasoning("c"), text("d")]) events.add(event);
  events.flush();
  expect(sent).toEqual([text("a"), reasoning("bc"), text("d")]);
});

it("holds nothing back from an event of another kind", () => {
  events.add(text("a"));
  events.add(text("b"));
  events.add({ kind: "loading", share: 0.5 });
  expect(sent).toEqual([text("a"), text("b"), { kind: "loading", share: 0.5 }]);
});

it("sends all there is when it ends, and nothing afterwards", () => {
  events.add(text("a"));
  events.add(text("b"));
  events.flush();
  expect(sent).toEqual([text("a"), text("b")]);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});
