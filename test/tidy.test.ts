import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SOURCE_LINES_MAX = 300;

const repository = fileURLToPath(new URL("..", import.meta.url));

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => /\.(ts|mjs|md|json)$/.test(path) && path !== "package-lock.json")
  // A file deleted but not yet committed is still listed.
  .filter((path) => existsSync(join(repository, path)))
  .map((path) => ({ path, text: readFileSync(join(repository, path), "utf8") }));

const sources = files
  .filter(({ path }) => path.endsWith(".ts"))
  .map(({ path, text }) => ({ path, text, code: withoutComments(text) }));

describe("the source tree", () => {
  it("lists its files", () => {
    expect(files.map(({ path }) => path)).toContain("test/tidy.test.ts");
  });

  it("names no folder of anyone's machine", () => {
    expect(matching(files, ({ text }) => /(?<![\w.-])\/(root|home|work)\//.test(text))).toEqual([]);
  });

  it("has every folder of the product in the map of ARCHITECTURE.md", () => {
    const map = readFileSync(join(repository, "ARCHITECTURE.md"), "utf8");
    const folders = files
      .map(
        ({ path }) =>
          /^(?:(?:extension|sidecar)\/|(?!extension\/|sidecar\/))[^/.]+\//.exec(path)?.[0],
      )
      .filter((folder) => folder !== undefined);
    expect(folders.length).toBeGreaterThan(100);
    expect([...new Set(folders)].filter((folder) => !map.includes(`\`${folder}\``))).toEqual([]);
  });

  it(`keeps every source file within ${SOURCE_LINES_MAX} lines`, () => {
    expect(matching(sources, ({ text }) => lineCount(text) > SOURCE_LINES_MAX)).toEqual([]);
  });

  it("has no barrels", () => {
    expect(matching(sources, ({ code }) => /^\s*export\s+\*\s+from\b/m.test(code))).toEqual([]);
  });

  it("never falls back to the any type", () => {
    expect(matching(sources, ({ code }) => /(\bas\s+|:\s*|<)any\b/.test(code))).toEqual([]);
  });

  it("uses unions of literals instead of enums", () => {
    const declaration = /^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s/m;
    expect(matching(sources, ({ code }) => declaration.test(code))).toEqual([]);
  });
});

function matching<T extends { path: string }>(
  candidates: readonly T[],
  breaksRule: (candidate: T) => boolean,
): string[] {
  return candidates.filter(breaksRule).map(({ path }) => path);
}

function lineCount(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

/** Good enough for the rules above: prose in comments may say what code may not. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
