import { expect, it } from "vitest";
import {
  append,
  insertAfter,
  move,
  patchSegment,
  remove,
  replaceSegment,
  setTools,
} from "./change.ts";
import { diffContexts } from "./diff.ts";
import { answerSegment, userSegment } from "./segments.test-support.ts";
import { emptyContext } from "./state.ts";

const abc = append(emptyContext("c"), [userSegment("a"), userSegment("b"), answerSegment("c")]);

const start = { line: 0, character: 0 };

it("finds nothing between equal states", () => {
  expect(diffContexts(abc, { ...structuredClone(abc), version: 9 })).toEqual([]);
});

it("inserts neighbours together", () => {
  const added = [userSegment("d"), userSegment("e")];
  expect(diffContexts(abc, insertAfter(abc, "b", added))).toEqual([
    { kind: "insert", after: "b", segments: added },
  ]);
});

it("removes all that is gone in one edit", () => {
  expect(diffContexts(abc, remove(abc, ["a", "c"]))).toEqual([{ kind: "remove", ids: ["a", "c"] }]);
});

it("moves as few segments as possible", () => {
  expect(diffContexts(abc, move(abc, ["a"], "c"))).toEqual([
    { kind: "move", ids: ["a"], after: "c" },
  ]);
});

it("changes the stability of neighbours with one move and without their text", () => {
  expect(diffContexts(abc, move(abc, ["a", "b"], null, "core"))).toEqual([
    { kind: "move", ids: ["a", "b"], after: null, stability: "core" },
  ]);
});

it("sends of a changed text only what changed", () => {
  const changes = [{ range: { start, end: start }, text: "New " }];
  expect(diffContexts(abc, patchSegment(abc, "c", changes))).toEqual([
    { kind: "patch", id: "c", changes },
  ]);
});

it("replaces a segment whose text shares nothing with the old one", () => {
  const segment = userSegment("b", "!");
  expect(diffContexts(abc, replaceSegment(abc, segment))).toEqual([{ kind: "replace", segment }]);
});

it("replaces a segment of which more than the text changed", () => {
  const segment = { ...userSegment("b"), label: "B" };
  expect(diffContexts(abc, replaceSegment(abc, segment))).toEqual([{ kind: "replace", segment }]);
});

it("sends the tools only when they differ", () => {
  const tools = [{ name: "read", description: "Reads." }];
  const equipped = setTools(abc, tools);
  expect(diffContexts(abc, equipped)).toEqual([{ kind: "tools", tools }]);
  expect(diffContexts(equipped, setTools(equipped, structuredClone(tools)))).toEqual([]);
});
