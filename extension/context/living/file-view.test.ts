import { expect, it } from "vitest";
import { looksLike, mapLines, shownText, textOfView } from "./file-view.ts";
import { missing, view } from "./file-view.test-support.ts";
import { lineHunks } from "./line-hunks.ts";

it("shows a file under its name, and lines under theirs", () => {
  expect(textOfView(view("x\ny\n"))).toBe("a.ts\n```ts\nx\ny\n```\n");
  expect(textOfView(view("x\ny\n", { start: 1, end: 2 }))).toBe("a.ts, lines 2–2\n```ts\ny\n```\n");
});

it("says why there is nothing to show", () => {
  expect(textOfView(missing("it was deleted"))).toBe(
    "a.ts\n(It cannot be shown: it was deleted.)\n",
  );
});

it("takes lines for the same that have only moved", () => {
  const before = view("x\ny", { start: 1, end: 2 });
  const after = view("new\nx\ny", { start: 2, end: 3 });
  expect(looksLike(before, after)).toBe(true);
  expect(looksLike(before, { ...after, label: "b.ts" })).toBe(false);
  expect(looksLike(before, missing("it was deleted"))).toBe(false);
});

const numbered = ["0", "1", "2", "3", "4", "5"].join("\n");

it.each([
  ["a line is put in before them", "new\n0\n1\n2\n3\n4\n5", "2\n3"],
  ["a line is put in right before them", "0\n1\nnew\n2\n3\n4\n5", "2\n3"],
  ["a line is put in between", "0\n1\n2\nnew\n3\n4\n5", "2\nnew\n3"],
  ["a line is put in right behind them", "0\n1\n2\n3\nnew\n4\n5", "2\n3"],
  ["a line before them goes", "1\n2\n3\n4\n5", "2\n3"],
  ["their first line goes", "0\n1\n3\n4\n5", "3"],
  ["their last line changes", "0\n1\n2\nX\n4\n5", "2\nX"],
  ["a change begins before and ends in them", "0\nX\nY\n3\n4\n5", "X\nY\n3"],
])("follows lines when %s", (_, after, shown) => {
  const lines = mapLines({ start: 2, end: 4 }, lineHunks(numbered, after));
  expect(shownText(view(after, lines))).toBe(shown);
});

it("loses lines that are all deleted", () => {
  expect(mapLines({ start: 2, end: 4 }, lineHunks(numbered, "0\n1\n4\n5"))).toBeNull();
});
