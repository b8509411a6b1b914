import { describe, expect, it } from "vitest";
import { menuPaths } from "./menu-paths.ts";

const asIs = (path: string): string => path;

describe("the paths under which menus know files to review", () => {
  it("lie in the folder that was opened, also where that is a link", () => {
    const nameOf = (path: string): string => path.replace("/disk/project", "/link");
    expect(menuPaths(["/disk/project/a.ts"], { nameOf, shown: [] })).toEqual(["/link/a.ts"]);
  });

  it("are also those by which a file was opened", () => {
    const shown = [
      { path: "/project/a.ts", openedAs: "/project/a.ts" },
      { path: "/project/a.ts", openedAs: "/project/current/A.ts" },
    ];
    expect(menuPaths(["/project/a.ts"], { nameOf: asIs, shown })).toEqual([
      "/project/a.ts",
      "/project/current/A.ts",
    ]);
  });

  it("are not those of other files that are shown", () => {
    const shown = [
      { path: "/project/b.ts", openedAs: "/project/b.ts" },
      { path: null, openedAs: "/project/a.ts" },
    ];
    expect(menuPaths([], { nameOf: asIs, shown })).toEqual([]);
  });
});
