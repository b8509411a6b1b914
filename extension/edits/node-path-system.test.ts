import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { confinePath } from "./confine-path.ts";
import { nodePathSystem } from "./node-path-system.ts";

describe("paths on a real file system", () => {
  let top: string;
  let root: string;
  const confine = (given: string, folder = root) => confinePath(folder, given, nodePathSystem);

  beforeEach(async () => {
    top = await realpath(await mkdtemp(join(tmpdir(), "kvasir-paths-")));
    root = join(top, "work");
    await mkdir(join(root, "src", "deep"), { recursive: true });
    await mkdir(join(top, "outside", "deep"), { recursive: true });
    await mkdir(join(top, "work-beside"));
    await writeFile(join(root, "src", "a.ts"), "a");
    await writeFile(join(top, "outside", "secret"), "s");
  });
  afterEach(() => rm(top, { recursive: true }));

  it.each([
    ["src/a.ts", "src/a.ts"],
    ["./src//deep/../a.ts", "src/a.ts"],
    ["src/new/also-new.ts", "src/new/also-new.ts"],
    [".", ""],
    ["src/..", ""],
    ["../work/src/a.ts", "src/a.ts"],
    ["..file", "..file"],
    ["src/name with ünïcode 🦊", "src/name with ünïcode 🦊"],
    ["back\\slash", "back\\slash"],
  ])("are inside: %s", async (given, relative) => {
    const path = relative === "" ? root : join(root, relative);
    expect(await confine(given)).toEqual({ kind: "inside", path, relative });
  });

  it("are inside when absolute and below the folder", async () => {
    expect(await confine(join(root, "src", "a.ts"))).toMatchObject({ relative: "src/a.ts" });
    expect(await confine(root)).toMatchObject({ kind: "inside", relative: "" });
  });

  it.each([
    "..",
    "../outside/secret",
    "src/../../outside/secret",
    "../work-beside/a",
    "/",
    "/etc/passwd",
  ])("are outside: %s", async (given) => {
    const outcome = await confine(given);
    expect(outcome.kind).toBe("outside");
    expect(outcome).toMatchObject({ sentence: `The path “${given}” is outside the workspace.` });
  });

  it("are outside when they climb above the top of the file system and come down elsewhere", async () => {
    expect((await confine(`${"../".repeat(40)}etc/passwd`)).kind).toBe("outside");
  });

  it.each([
    ["", /is empty/],
    ["a\0b", /NUL character/],
    ["~/a", /“~”/],
    ["file:///etc/passwd", /is a URI/],
    ["C:\\Windows\\system32", /is a Windows path/],
    ["c:/Windows", /is a Windows path/],
    ["\\\\server\\share\\a", /is a Windows path/],
    ["a".repeat(5_000), /longer than 4096/],
    [`src/${"a".repeat(300)}`, /name longer than 255/],
  ])("are invalid: %s", async (given, sentence) => {
    const outcome = await confine(given);
    expect(outcome).toMatchObject({
      kind: "invalid",
      sentence: expect.stringMatching(sentence) as string,
    });
  });

  it("are invalid below a folder that does not exist", async () => {
    expect((await confine("a", join(top, "nowhere"))).kind).toBe("invalid");
  });

  it.each([
    ["a link to a file", "link", "../outside/secret", "link"],
    ["a link to a folder", "link", "../outside", "link/secret"],
    ["a file yet to be made behind a link", "link", "../outside", "link/new/file"],
    ["a link that leads nowhere", "link", "../outside/missing", "link"],
    ["a file behind a link that leads nowhere", "link", "../outside/missing", "link/new"],
    ["an absolute link", "link", "/etc", "link/passwd"],
    ["a link behind a link", "link", "src/second", "link/secret"],
    ["a link to the folder above", "link", "..", "link/outside/secret"],
  ])("are outside over %s", async (_, name, target, given) => {
    await symlink(target, join(root, name));
    await symlink("../../outside", join(root, "src", "second"));
    expect(await confine(given)).toMatchObject({
      kind: "outside",
      sentence: `The path “${given}” leads out of the workspace over a link.`,
    });
  });

  it("are outside where dots behind a link climb from where it leads", async () => {
    await symlink("../outside/deep", join(root, "link"));
    // By name alone this would be the folder's own src.
    const outcome = await confine("link/../src/a.ts");
    expect(outcome).toMatchObject({ kind: "outside", path: join(top, "outside", "src", "a.ts") });
  });

  it("are outside over dots in a link that leads nowhere", async () => {
    await symlink("../../outside/deep", join(root, "src", "folder"));
    await symlink("src/folder/../missing", join(root, "link"));
    expect(await confine("link")).toMatchObject({ path: join(top, "outside", "missing") });
  });

  it("are inside over links that stay inside, under the name that the file really has", async () => {
    await symlink("src", join(root, "link"));
    await symlink("link/a.ts", join(root, "second"));
    await symlink("src/missing.ts", join(root, "nowhere"));
    expect(await confine("link/a.ts")).toMatchObject({ kind: "inside", relative: "src/a.ts" });
    expect(await confine("second")).toMatchObject({ kind: "inside", relative: "src/a.ts" });
    expect(await confine("nowhere")).toMatchObject({ kind: "inside", relative: "src/missing.ts" });
    expect(await confine("link/new.ts")).toMatchObject({ kind: "inside", relative: "src/new.ts" });
  });

  it("are inside when the folder itself is reached over a link", async () => {
    await symlink("work", join(top, "link"));
    const folder = join(top, "link");
    expect(await confine("src/a.ts", folder)).toMatchObject({ relative: "src/a.ts" });
    expect(await confine(join(folder, "src", "a.ts"), folder)).toMatchObject({
      relative: "src/a.ts",
    });
    expect((await confine(join(root, "src", "a.ts"), folder)).kind).toBe("inside");
  });

  it("are invalid where links lead in a circle", async () => {
    await symlink("second", join(root, "first"));
    await symlink("first", join(root, "second"));
    expect(await confine("first/a")).toMatchObject({
      kind: "invalid",
      sentence: "The path “first/a” follows more than 40 links.",
    });
  });

  it("lead to the file that is then opened", async () => {
    await symlink("src", join(root, "link"));
    const outcome = await confine("link/deep/../a.ts");
    expect(outcome.kind === "inside" && (await readFile(outcome.path, "utf8"))).toBe("a");
  });

  it("keep apart what differs in letter case only, where the file system does", async () => {
    const distinct = !(await nodePathSystem.realpath(join(root, "SRC")));
    const relative = distinct ? "SRC/A.ts" : "src/a.ts";
    expect(await confine("SRC/A.ts")).toMatchObject({ kind: "inside", relative });
    expect((await confine("../WORK/src/a.ts")).kind).toBe(distinct ? "outside" : "inside");
  });
});
