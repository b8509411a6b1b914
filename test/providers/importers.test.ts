import { describe, expect, it } from "vitest";
import { importersOf } from "../../extension/providers/imports/importers.ts";
import { readText } from "../../extension/providers/read-text.ts";
import { never, testWorkspaces } from "../support/test-workspace.ts";

const newWorkspace = testWorkspaces();

async function importers(path: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const { workspace, search } = newWorkspace(files);
  const read = async (place: string): Promise<string | null> => await readText(workspace, place);
  return await importersOf(path, { read, search, signal: never() });
}

describe("the files that import a file", () => {
  it.each([
    [
      "src/box.ts",
      {
        "src/b.ts": 'import {\n  size,\n} from "./box.ts";\n',
        "test/a.test.ts": 'import { size } from "../src/box.js";\n',
        "src/other/box.ts": "",
        "src/other/c.ts": 'import "./box.ts";\n',
        "src/d.ts": "// import of box\n",
      },
      ["src/b.ts", "test/a.test.ts"],
    ],
    ["lib/index.ts", { "a.ts": 'export * from "./lib";\n' }, ["a.ts"]],
    [
      "pkg/tools.py",
      { "pkg/a.py": "from .tools import x\n", "b.py": "import pkg.tools\n" },
      ["b.py", "pkg/a.py"],
    ],
    [
      "src/box.h",
      { "src/a.c": '#include "box.h"\n', "src/b.c": '#include "abox.h"\n' },
      ["src/a.c"],
    ],
    ["src/lone.ts", { "src/b.ts": "const lone = 1;\n" }, []],
  ])("%s", async (path, files, expected) => {
    expect(await importers(path, { [path]: "\n", ...files })).toEqual(expected);
  });

  it.each(["", "a", "b*(.ts", "..", "x/'\".ts"])("are none of %j", async (path) => {
    expect(await importers(path, { "a.ts": 'import "./b.ts";\n' })).toEqual([]);
  });

  it("are looked for among so many only", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`u${index}.ts`, 'import "./box.ts";\n']),
    );
    expect(await importers("box.ts", { ...files, "box.ts": "\n" })).toHaveLength(32);
  });
});
