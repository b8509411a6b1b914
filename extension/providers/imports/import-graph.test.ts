import { describe, expect, it } from "vitest";
import { importGraph, importsText } from "./import-graph.ts";
import { importsIn } from "./import-syntax.ts";

async function graph(path: string, files: Readonly<Record<string, string>>): Promise<string> {
  const read = async (place: string): Promise<string | null> => files[place] ?? null;
  const found = await importGraph(path, { read, signal: new AbortController().signal });
  return importsText({ path, imports: found, importers: [] }, 2_000);
}

describe("imports of a file", () => {
  it.each([
    [
      "TypeScript",
      "src/a.ts",
      'import { b } from "./b.ts";\nexport * from "../c";',
      { "src/b.ts": "", "c/index.ts": "" },
      "src/b.ts, c/index.ts",
    ],
    [
      "what TypeScript compiles to",
      "a.ts",
      'import "./b.js"; await import("./c.mjs")',
      { "b.ts": "", "c.mts": "" },
      "b.ts, c.mts",
    ],
    ["CommonJS", "a.js", 'const b = require("./b");', { "b.json": "{}" }, "b.json"],
    [
      "Python",
      "p/q/a.py",
      "from . import x\nfrom ..r import y\nimport p.s\nimport os",
      { "p/q/__init__.py": "", "p/r.py": "", "p/s.py": "" },
      "p/q/__init__.py, p/r.py, p/s.py",
    ],
    [
      "C",
      "src/a.c",
      '#include "a.h"\n#include <stdio.h>\n# include "x/y.h"',
      { "src/a.h": "", "include/x/y.h": "" },
      "src/a.h, include/x/y.h",
    ],
    [
      "Rust",
      "src/main.rs",
      "mod a;\npub(crate) mod b;\nuse std::io;\nmod c { }",
      { "src/a.rs": "", "src/b/mod.rs": "" },
      "src/a.rs, src/b/mod.rs",
    ],
    ["Ruby", "lib/a.rb", "require_relative 'b'\nrequire 'json'", { "lib/b.rb": "" }, "lib/b.rb"],
    ["Sass", "a.scss", '@use "parts/b";', { "parts/_b.scss": "" }, "parts/_b.scss"],
    ["PHP", "a.php", "require_once __DIR__ . '/b.php';", { "b.php": "" }, "b.php"],
    ["Dart", "a.dart", "import 'b.dart';\nimport 'dart:io';", { "b.dart": "" }, "b.dart"],
    ["shell", "a.sh", '. ./lib/b.sh\nsource "../out.sh"', { "lib/b.sh": "" }, "lib/b.sh"],
  ])("are found in %s", async (_, path, text, files, expected) => {
    expect(await graph(path, { ...files, [path]: text })).toBe(`${path} imports ${expected}`);
  });

  it.each([
    ["a.txt", 'import "./b.ts"'],
    [
      "a.ts",
      'import x from "package";\nimport y from "/etc/passwd";\nimport z from "../../up.ts";',
    ],
    ["a.ts", "binary\0\u0001"],
    ["a.ts", ""],
    ["../a.ts", 'import "./b.ts"'],
    ["", 'import "./b.ts"'],
  ])("are none in %j: %j", async (path, text) => {
    const files = { [path]: text, "up.ts": "", "etc/passwd": "" };
    expect(await graph(path, files)).toBe("");
  });

  it("are read no further than makes sense", () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `import "./m${index}.ts";`).join(
      "\n",
    );
    expect(importsIn("a.ts", text)).toHaveLength(40);
  });

  it("take no long time in hostile text", () => {
    for (const text of [
      "import(".repeat(30_000),
      `from${" ".repeat(200_000)}`,
      "from '".repeat(30_000),
    ]) {
      expect(importsIn("a.ts", text).length).toBeLessThanOrEqual(40);
      expect(importsIn("a.py", text).length).toBeLessThanOrEqual(40);
      expect(importsIn("a.scss", text).length).toBeLessThanOrEqual(40);
    }
  });

  it("are named on one line, and by no longer name than a file can have", () => {
    expect(importsIn("a.rs", `${"pub(\n".repeat(39_000)}) mod a;`)).toEqual([]);
    expect(importsIn("a.scss", `@import "${"a".repeat(100_000)}/b";`)).toEqual([]);
  });
});

describe("the graph", () => {
  it("goes two files far, and round in no circles", async () => {
    const files = {
      "a.ts": 'import "./b.ts";\nimport "./c.ts";\nimport "./a.ts";',
      "b.ts": 'import "./a.ts";\nimport "./d.ts";',
      "c.ts": "",
      "d.ts": 'import "./e.ts";',
      "e.ts": "",
    };
    expect(await graph("a.ts", files)).toBe("a.ts imports b.ts, c.ts\nb.ts imports a.ts, d.ts");
  });

  it("looks at a bounded number of files", async () => {
    let reads = 0;
    const text = Array.from({ length: 40 }, (_, index) => `import "./m${index}";`).join("\n");
    const read = async (path: string): Promise<string | null> => {
      reads++;
      return path === "a.ts" ? text : null;
    };
    expect(await importGraph("a.ts", { read, signal: new AbortController().signal })).toEqual([]);
    expect(reads).toBeLessThanOrEqual(160);
  });

  it("is given up when nobody waits any more", async () => {
    const read = async (): Promise<string | null> => 'import "./b.ts";';
    expect(await importGraph("a.ts", { read, signal: AbortSignal.abort() })).toEqual([]);
  });

  it("names who imports the file, behind what it imports itself", () => {
    const imports = [
      { path: "a.ts", imports: ["b.ts"] },
      { path: "b.ts", imports: ["c.ts"] },
    ];
    expect(importsText({ path: "a.ts", imports, importers: ["x.ts", "y.ts"] }, 2_000)).toBe(
      "a.ts imports b.ts\na.ts is imported by x.ts, y.ts\nb.ts imports c.ts",
    );
    expect(importsText({ path: "d.ts", imports: [], importers: ["x.ts"] }, 2_000)).toBe(
      "d.ts is imported by x.ts",
    );
  });

  it("keeps within its budget", () => {
    const files = Array.from({ length: 9 }, (_, index) => ({
      path: `${index}.ts`,
      imports: ["x.ts"],
    }));
    const text = importsText({ path: "0.ts", imports: files, importers: [] }, 60);
    expect(text.length).toBeLessThanOrEqual(60);
    expect(text).toMatch(/^0\.ts imports x\.ts\n.*\(and \d more\)$/su);
    const many = [
      { path: "a.ts", imports: Array.from({ length: 30 }, (_, index) => `${index}.ts`) },
    ];
    expect(importsText({ path: "a.ts", imports: many, importers: [] }, 2_000)).toMatch(
      /11\.ts and 18 more$/u,
    );
    const long = importsText({ path: "a.ts", imports: many, importers: ["b.ts"] }, 60);
    expect(long).toBe("a.ts imports 0.ts, 1.ts, 2.ts, 3.ts, 4.ts, …\n(and 1 more)");
  });
});
