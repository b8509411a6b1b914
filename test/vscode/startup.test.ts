import { build } from "esbuild";
import { expect, it } from "vitest";

it("evaluates no package at the start of a window", async () => {
  const { metafile } = await build({
    entryPoints: ["extension/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    platform: "node",
    external: ["vscode"],
    logLevel: "error",
  });
  const evaluated = new Set(["extension/main.ts"]);
  for (const path of evaluated) {
    for (const { path: imported, kind, external } of metafile.inputs[path]?.imports ?? []) {
      // What comes by `import()` is evaluated with its first use.
      if (external !== true && kind !== "dynamic-import") evaluated.add(imported);
    }
  }
  expect(evaluated.size).toBeGreaterThan(10);
  expect([...evaluated].filter((path) => path.includes("node_modules"))).toEqual([]);
});
