import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Commands, ContextKeys } from "../names.ts";

type Item = { readonly command?: string; readonly when?: string };
type Menus = Readonly<Record<string, readonly Item[]>>;
/** What an editor knows about the place of a menu. */
type Place = Readonly<Record<string, unknown>>;

const OF_REVIEW: ReadonlySet<string> = new Set([
  Commands.acceptChange,
  Commands.rejectChange,
  Commands.acceptFileChanges,
  Commands.rejectFileChanges,
  Commands.acceptAllChanges,
  Commands.rejectAllChanges,
]);
const OF_FILE = [Commands.acceptFileChanges, Commands.rejectFileChanges];
const OF_CHANGE = [Commands.acceptChange, Commands.rejectChange, ...OF_FILE];
const OF_ALL = [Commands.acceptAllChanges, Commands.rejectAllChanges];

const { menus } = (
  JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    contributes: { menus: Menus };
  }
).contributes;

const pending: Place = {
  [ContextKeys.changesPending]: true,
  [ContextKeys.changedPaths]: ["/project/a.ts"],
};

/** As much of the editor's conditions as these menus use. */
function holds(when: string, place: Place): boolean {
  return when
    .split(" || ")
    .some((some) => some.split(" && ").every((condition) => isTrue(condition, place)));
}

function isTrue(condition: string, place: Place): boolean {
  const [key = "", operator, operand = ""] = condition.split(" ");
  const value = place[key];
  switch (operator) {
    case undefined:
      return value === true;
    case "==":
      return value === operand.replaceAll("'", "");
    case "in":
      return ((place[operand] ?? []) as unknown[]).includes(value);
    default:
      throw new Error(`“${operator}” is not known here.`);
  }
}

function offered(menu: "editor/title" | "editor/context", place: Place): (string | undefined)[] {
  return (menus[menu] ?? [])
    .filter(({ command }) => command !== undefined && OF_REVIEW.has(command))
    .filter(({ when }) => when !== undefined && holds(when, { ...pending, ...place }))
    .map(({ command }) => command);
}

describe("the menus of a review", () => {
  it("are offered in a file that has something to review", () => {
    const place = { resourcePath: "/project/a.ts", activeEditor: "workbench.editors.files" };
    expect(offered("editor/title", place)).toEqual(OF_FILE);
    expect(offered("editor/context", place)).toEqual(OF_CHANGE);
  });

  it("are offered in the view of all changes", () => {
    const title = { activeEditor: "multiDiffEditor", [ContextKeys.reviewIsShown]: true };
    expect(offered("editor/title", title)).toEqual(OF_ALL);
    expect(offered("editor/context", { ...title, inMultiDiffEditor: true })).toEqual(OF_CHANGE);
  });

  it("are not offered in a file that has nothing to review", () => {
    const place = { resourcePath: "/project/b.ts", activeEditor: "workbench.editors.files" };
    expect(offered("editor/title", place)).toEqual([]);
    expect(offered("editor/context", place)).toEqual([]);
  });

  it("are not offered in an output panel beside the view of all changes", () => {
    const place = { activeEditor: "multiDiffEditor", [ContextKeys.reviewIsShown]: true };
    expect(offered("editor/context", { ...place, resourcePath: "/log" })).toEqual([]);
  });

  it("are not offered in somebody else's view of several files", () => {
    const place = { activeEditor: "multiDiffEditor", [ContextKeys.reviewIsShown]: false };
    expect(offered("editor/title", place)).toEqual([]);
    expect(offered("editor/context", { ...place, inMultiDiffEditor: true })).toEqual([]);
  });
});
