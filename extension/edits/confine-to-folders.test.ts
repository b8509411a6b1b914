import { describe, expect, it } from "vitest";
import type { PathSystem } from "./confine-path.ts";
import { confineToFolders, type NamedFolder } from "./confine-to-folders.ts";

const LINKS: Readonly<Record<string, string>> = {
  "/w/server/out": "/w/other",
  "/w/server/app-src": "../app/src",
};
const system: PathSystem = {
  separator: "/",
  // All of these paths are canonical, but for the links.
  realpath: async (path) => path,
  readlink: async (path) => LINKS[path],
};

describe("paths in a workspace of two folders", () => {
  const folders: [NamedFolder, NamedFolder] = [
    { name: "app", path: "/w/app" },
    { name: "server", path: "/w/server" },
  ];

  const locate = async (given: string): Promise<unknown> =>
    await confineToFolders(folders, given, system);

  it.each([
    ["app/src/a.ts", "app/src/a.ts"],
    ["server/src/a.ts", "server/src/a.ts"],
    ["./server/src/a.ts", "server/src/a.ts"],
    ["server", "server"],
    ["server/", "server"],
    ["src/a.ts", "app/src/a.ts"],
    // The name of a folder wins over a folder of the same name inside the first one.
    ["server/new.ts", "server/new.ts"],
    ["app/server/new.ts", "app/server/new.ts"],
    // From one folder into another, by dots and by a link.
    ["../server/src/a.ts", "server/src/a.ts"],
    ["server/app-src/a.ts", "app/src/a.ts"],
  ])("takes %s for %s", async (given, relative) => {
    expect(await locate(given)).toEqual({ kind: "inside", path: `/w/${relative}`, relative });
  });

  it("takes an absolute path for what it is", async () => {
    expect(await locate("/w/server/src")).toMatchObject({ relative: "server/src" });
    expect(await locate("/w/other/a.ts")).toMatchObject({ kind: "outside" });
  });

  it.each(["../other/a.ts", "server/../other/a.ts", "server/out/a.ts"])(
    "sees that %s leads outside",
    async (given) => {
      expect(await locate(given)).toMatchObject({
        kind: "outside",
        path: "/w/other/a.ts",
      });
    },
  );

  it("refuses what is no path", async () => {
    expect(await locate("")).toMatchObject({ kind: "invalid" });
    expect(await locate("server/a\0b")).toMatchObject({ kind: "invalid" });
  });

  it("leaves names of folders out where there is one alone", async () => {
    const [app] = folders;
    expect(await confineToFolders([app], "src/a.ts", system)).toMatchObject({
      relative: "src/a.ts",
    });
    expect(await confineToFolders([app], "app/a.ts", system)).toMatchObject({
      relative: "app/a.ts",
    });
  });
});
