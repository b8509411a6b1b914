import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confineToFolders, type NamedFolder } from "./confine-to-folders.ts";
import { nodePathSystem } from "./node-path-system.ts";

describe("paths in a workspace of two folders", () => {
  let top: string;
  let folders: [NamedFolder, ...NamedFolder[]];

  beforeAll(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-folders-")));
    for (const name of ["app", "server", "other"]) mkdirSync(join(top, name, "src"), { recursive: true });
    mkdirSync(join(top, "app", "server"));
    symlinkSync(join(top, "other"), join(top, "server", "out"));
    symlinkSync(join(top, "app", "src"), join(top, "server", "app-src"));
    folders = [
      { name: "app", path: join(top, "app") },
      { name: "server", path: join(top, "server") },
    ];
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  const locate = async (given: string): Promise<unknown> =>
    await confineToFolders(folders, given, nodePathSystem);

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
    expect(await locate(given)).toEqual({ kind: "inside", path: join(top, relative), relative });
  });

  it("takes an absolute path for what it is", async () => {
    expect(await locate(join(top, "server", "src"))).toMatchObject({ relative: "server/src" });
    expect(await locate(join(top, "other", "a.ts"))).toMatchObject({ kind: "outside" });
  });

  it.each(["../other/a.ts", "server/../other/a.ts", "server/out/a.ts"])(
    "sees that %s leads outside",
    async (given) => {
      expect(await locate(given)).toMatchObject({
        kind: "outside",
        path: join(top, "other", "a.ts"),
      });
    },
  );

  it("refuses what is no path", async () => {
    expect(await locate("")).toMatchObject({ kind: "invalid" });
    expect(await locate("server/a\0b")).toMatchObject({ kind: "invalid" });
  });

  it("leaves names of folders out where there is one alone", async () => {
    const [app] = folders;
    expect(await confineToFolders([app], "src/a.ts", nodePathSystem)).toMatchObject({
      relative: "src/a.ts",
    });
    expect(await confineToFolders([app], "app/a.ts", nodePathSystem)).toMatchObject({
      relative: "app/a.ts",
    });
  });
});
