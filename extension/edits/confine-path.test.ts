import { describe, expect, it } from "vitest";
import { confinePath, type PathSystem } from "./confine-path.ts";

/** A file system that ignores letter case, as a list of what exists and what is a link. */
function ignoringCase(
  separator: "/" | "\\",
  existing: readonly string[],
  links: Record<string, string> = {},
): PathSystem {
  const same = (path: string) => (other: string) => other.toLowerCase() === path.toLowerCase();
  const linkAt = (path: string) => Object.keys(links).find(same(path));
  return {
    separator,
    realpath: async (path) => existing.find(same(path)),
    readlink: async (path) => links[linkAt(path) ?? ""],
  };
}

describe("paths on Windows", () => {
  const root = "C:\\Users\\me\\Work";
  const existing = [
    "C:\\",
    "C:\\Users",
    "C:\\Users\\me",
    root,
    `${root}\\src`,
    `${root}\\src\\A.ts`,
  ];
  const system = ignoringCase("\\", [...existing, "C:\\Users\\me\\Other", "D:\\"], {
    [`${root}\\out`]: "\\\\?\\C:\\Users\\me\\Other",
    [`${root}\\in`]: "C:\\Users\\me\\Work\\src\\",
    [`${root}\\share`]: "\\\\?\\UNC\\server\\share\\folder",
    [`${root}\\device`]: "\\\\.\\PhysicalDrive0",
  });
  const confine = (given: string) => confinePath(root, given, system);

  it.each([
    ["src\\A.ts", "src/A.ts"],
    ["src/A.ts", "src/A.ts"],
    ["SRC\\a.TS", "src/A.ts"],
    ["Src\\New.ts", "src/New.ts"],
    ["c:\\users\\ME\\work\\SRC\\a.ts", "src/A.ts"],
    ["c:/Users/me/Work/src/A.ts", "src/A.ts"],
    ["\\Users\\me\\Work\\src", "src"],
    ["..\\WORK\\src", "src"],
    ["in\\a.ts", "src/A.ts"],
    [".", ""],
  ])("are inside: %s", async (given, relative) => {
    const path = relative === "" ? root : `${root}\\${relative.replaceAll("/", "\\")}`;
    expect(await confine(given)).toEqual({ kind: "inside", path, relative });
  });

  it.each([
    "..\\Other\\a",
    "D:\\Users\\me\\Work\\src",
    "C:\\Users\\me\\Work2\\a",
    "\\\\server\\share\\Users\\me\\Work\\src",
    "//server/share/a",
    "\\Windows\\system.ini",
    "out\\a",
    "share\\a",
    "device",
    "..\\..\\..\\..\\..\\Windows",
  ])("are outside: %s", async (given) => {
    expect((await confine(given)).kind).toBe("outside");
  });

  it.each([
    ["C:a.ts", /names a drive but no folder/],
    ["\\\\?\\C:\\Users\\me\\Work\\src", /names a device/],
    ["\\\\.\\pipe\\x", /names a device/],
    ["\\\\server", /no share/],
    ["src\\A.ts:hidden", /holds “:”/],
    ["src\\a?.ts", /holds “\?”/],
    ["src\\A.ts.", /ends in a dot or a space/],
    ["src \\A.ts", /ends in a dot or a space/],
    ["NUL", /is a device/],
    ["src\\com1.txt", /is a device/],
    ["a\0", /NUL character/],
  ])("are invalid: %s", async (given, sentence) => {
    const outcome = await confine(given);
    expect(outcome).toMatchObject({
      kind: "invalid",
      sentence: expect.stringMatching(sentence) as string,
    });
  });

  it("stay on their share", async () => {
    const share = "\\\\server\\share\\Work";
    const onShare = ignoringCase("\\", ["\\\\server\\share\\", share, `${share}\\src`]);
    expect(await confinePath(share, "SRC\\a", onShare)).toMatchObject({ relative: "src/a" });
    expect(await confinePath(share, "//SERVER/share/work/src", onShare)).toMatchObject({
      relative: "src",
    });
    expect((await confinePath(share, "..\\..\\..\\other\\a", onShare)).kind).toBe("outside");
    expect((await confinePath(share, "\\\\server\\other\\Work", onShare)).kind).toBe("outside");
  });
});

describe("paths on a system with slashes that ignores letter case", () => {
  const existing = ["/", "/Users", "/Users/me", "/Users/me/Work", "/Users/me/Work/src"];
  const system = ignoringCase("/", existing);

  it("are one and the same in any spelling", async () => {
    const inside = { kind: "inside", path: "/Users/me/Work/src/new.ts", relative: "src/new.ts" };
    for (const given of ["SRC/new.ts", "/users/ME/work/Src/new.ts", "../WORK/src/new.ts"]) {
      expect(await confinePath("/users/me/work", given, system)).toEqual(inside);
    }
  });

  it("are not mistaken for a neighbour whose name begins alike", async () => {
    expect((await confinePath("/Users/me/Work", "../work2/a", system)).kind).toBe("outside");
  });

  it("are all inside where the folder is the top", async () => {
    expect(await confinePath("/", "users/me", system)).toMatchObject({ relative: "Users/me" });
  });

  it("are shown without control characters and not at any length", async () => {
    const outcome = await confinePath("/Users/me/Work", `/${"a\nb".repeat(80)}`, system);
    const sentence = outcome.kind === "outside" ? outcome.sentence : "";
    expect(sentence).toMatch(/^The path “\/a�b.{190,200}” is outside the workspace\.$/u);
  });
});
