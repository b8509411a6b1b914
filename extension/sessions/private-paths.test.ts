import { expect, it } from "vitest";
import { valueWithoutPaths, withoutPaths } from "./private-paths.ts";

const paths = [
  { path: "/people/ada", shownAs: "~" },
  { path: "/people/ada/code (1)", shownAs: "code" },
];

it("names the folders of a machine by what stands for them, the inner one first", () => {
  expect(withoutPaths("in /people/ada/code (1)/src/a.ts:3, not /people/ada/notes", paths)).toBe(
    "in code/src/a.ts:3, not ~/notes",
  );
  expect(withoutPaths("file:///people/ada/x. It ends in /people/ada.", paths)).toBe(
    "file://~/x. It ends in ~.",
  );
});

it("leaves names alone that only begin alike", () => {
  const text = "/people/adam /people/ada-2/x /people/ada.old";
  expect(withoutPaths(text, paths)).toBe(text);
});

it("finds the paths of Windows in any spelling", () => {
  const windows = [{ path: "C:\\Users\\Ada", shownAs: "~" }];
  expect(withoutPaths(String.raw`c:\users\ada\x, C:/Users/Ada/y, C:\\Users\\Ada\\z`, windows)).toBe(
    String.raw`~\x, ~/y, ~\\z`,
  );
});

it("does not take the root of all folders for a private one", () => {
  expect(withoutPaths("a/b", [{ path: "/", shownAs: "~" }])).toBe("a/b");
});

it("looks into the arguments of calls", () => {
  const value = { path: "/people/ada/x", edits: [{ search: "/people/ada", count: 1 }], none: null };
  expect(valueWithoutPaths(value, paths)).toEqual({
    path: "~/x",
    edits: [{ search: "~", count: 1 }],
    none: null,
  });
});
