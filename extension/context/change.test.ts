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
import { answerSegment, userSegment } from "./segments.test-support.ts";
import { type ContextState, emptyContext } from "./state.ts";

const abc = append(
  emptyContext("c"),
  ["a", "b", "c"].map((id) => userSegment(id)),
);

const ids = (state: ContextState): string => state.segments.map(({ id }) => id).join("");

const start = { line: 0, character: 0 };

it("makes a new version with every change and leaves the old one alone", () => {
  const before = structuredClone(abc);
  const changed = remove(insertAfter(abc, "a", [userSegment("d")]), ["c"]);
  expect(changed.version).toBe(abc.version + 2);
  expect(abc).toEqual(before);
});

it("survives being stored as JSON", () => {
  expect(JSON.parse(JSON.stringify(abc))).toEqual(abc);
});

it("puts segments behind another one or at the front", () => {
  expect(ids(insertAfter(abc, "a", [userSegment("d")]))).toBe("adbc");
  expect(ids(insertAfter(abc, null, [userSegment("d")]))).toBe("dabc");
});

it("moves segments in their present order and gives them their new stability", () => {
  const moved = move(abc, ["b", "a"], "c", "core");
  expect(ids(moved)).toBe("cab");
  expect(moved.segments.map(({ stability }) => stability)).toEqual(["history", "core", "core"]);
});

it("replaces a segment in its place", () => {
  expect(replaceSegment(abc, userSegment("b", "new")).segments[1]?.text).toBe("new");
});

it("changes a part of a text", () => {
  const changes = [{ range: { start, end: { line: 0, character: 4 } }, text: "TEXT" }];
  expect(patchSegment(abc, "b", changes).segments[1]?.text).toBe("TEXT of b");
});

it("forgets the generated ids of an answer whose text changes", () => {
  const answered = append(abc, [answerSegment("x")]);
  const changes = [{ range: { start, end: start }, text: "New " }];
  expect(patchSegment(answered, "x", changes).segments[3]).not.toHaveProperty("generated");
});

it("sets the tools", () => {
  const tools = [{ name: "read", description: "Reads." }];
  expect(setTools(abc, tools).tools).toEqual(tools);
});

it("refuses ids that are not there or there already", () => {
  expect(() => append(abc, [userSegment("a")])).toThrow(RangeError);
  expect(() => insertAfter(abc, "z", [])).toThrow(RangeError);
  expect(() => remove(abc, ["z"])).toThrow(RangeError);
  expect(() => move(abc, ["a"], "a")).toThrow(RangeError);
});
