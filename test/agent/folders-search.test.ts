import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ripgrepPath } from "../../cli/agent/ripgrep-path.ts";
import { FoldersSearch } from "../../extension/agent/folders-search.ts";
import { RipgrepSearch } from "../../extension/agent/node/node-ripgrep.ts";

const FILES = {
  "app/src/main.ts": "const one = 1;\n",
  "app/readme.md": "one\n",
  "server/src/main.ts": "const two = 2;\nconst one = 1;\n",
  "server/.gitignore": "built\n",
  "server/built/main.ts": "const one = 1;\n",
};

describe("a search in two folders of a workspace", () => {
  const { signal } = new AbortController();
  let top: string;
  let search: FoldersSearch;

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), "kvasir-folders-"));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    }
    const program = await ripgrepPath();
    const folders = ["app", "server"].map((name) => {
      return { name, search: new RipgrepSearch(program, join(top, name)) };
    });
    search = new FoldersSearch(folders);
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  it("lists the files of each under its name", async () => {
    expect(await search.files("", { max: 10, signal })).toEqual({
      paths: ["app/readme.md", "app/src/main.ts", "server/.gitignore", "server/src/main.ts"],
      total: 4,
    });
  });

  it.each([
    ["server", 2],
    ["server/src/**", 1],
    ["*.ts", 2],
    ["src/*.ts", 0],
  ])("takes the glob %s for whole paths", async (glob, total) => {
    expect(await search.files(glob, { max: 10, signal })).toMatchObject({ total });
  });

  it("shows as many files as asked for, and how many there are", async () => {
    const found = await search.files("", { max: 1, signal });
    expect(found).toEqual({ paths: ["app/readme.md"], total: 4 });
  });

  it("finds lines in all of them, or where the glob says", async () => {
    const all = await search.text("one", { glob: "", max: 10, signal });
    const hits = "hits" in all ? all.hits.map(({ path, line }) => `${path}:${line}`) : all;
    expect(hits).toEqual(["app/readme.md:1", "app/src/main.ts:1", "server/src/main.ts:2"]);
    expect(all).toMatchObject({ more: false });
    expect(await search.text("one", { glob: "server", max: 10, signal })).toMatchObject({
      hits: [{ path: "server/src/main.ts" }],
    });
  });

  it("says when there are more lines than it shows", async () => {
    const found = await search.text("one", { glob: "", max: 2, signal });
    expect(found).toMatchObject({ hits: { length: 2 }, more: true });
  });

  it("passes on what is wrong with a pattern", async () => {
    const refused = await search.text("(", { glob: "", max: 2, signal });
    expect(refused).toMatchObject({ kind: "refused" });
  });

  it("says what is wrong with a glob before anything is searched", async () => {
    const refused = {
      kind: "refused",
      sentence: expect.stringMatching(/^A glob knows/u) as unknown,
    };
    const single = new RipgrepSearch("no program", top);
    for (const each of [search, single]) {
      expect(await each.files("src/!(a).ts", { max: 2, signal })).toEqual(refused);
      expect(await each.text("one", { glob: "!*.ts", max: 2, signal })).toEqual(refused);
    }
  });
});
