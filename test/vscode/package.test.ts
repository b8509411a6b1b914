import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { runtimeFiles } from "../../scripts/package/runtime-files.ts";
import { enginePackagesOf, indexPackageOf, isTarget } from "../../scripts/package/targets.ts";

const BYTES_MAX = 120_000_000;

describe("the package", () => {
  const target = `${process.platform}-${process.arch}`;
  // As the editor has unpacked it.
  const folder = join(inject("codeServer").extensionsFolder, installedName());
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));

  it("is small enough to install", () => {
    const { size } = statSync(inject("vsix"));
    console.log(`${(size / 1_000_000).toFixed(1)} MB in ${files.length} files`);
    expect(size).toBeLessThan(BYTES_MAX);
  });

  it("has what the editor shows and runs", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "package.json",
        "readme.md",
        "changelog.md",
        "LICENSE.txt",
        "media/icon.png",
        "dist/extension.cjs",
        "dist/sidecar.mjs",
        "dist/store-thread.mjs",
        "dist/node_modules/node-llama-cpp/dist/index.js",
      ]),
    );
  });

  it("has no sources, tests, types or source maps", () => {
    const unwanted =
      /\.(ts|mts|cts|map|c|cc|cpp|h|hpp|cu|gguf|bundle|tgz)$|\.test\.|(^|\/)(llama\.cpp|src|tests?|__tests__|\.bin)\//;
    expect(files.filter((path) => unwanted.test(path) && !ofPackages(path))).toEqual([]);
    expect(files.filter((path) => /\.(d\.ts|map|gguf|bundle)$/.test(path))).toEqual([]);
  });

  it("has the engine's builds for this platform and no other", () => {
    if (!isTarget(target)) throw new Error(`There is no package for ${target}.`);
    const engines = readdirSync(join(folder, "dist/node_modules/@node-llama-cpp"));
    const expected = enginePackagesOf(target, { cuda: false }).map((name) =>
      name.replace("@node-llama-cpp/", ""),
    );
    expect(engines.toSorted()).toEqual(expected.toSorted());
    expect(files.filter((path) => /cuda/i.test(path) && /\/bins\//.test(path))).toEqual([]);
  });

  it("has the builds of the store's index for this platform and any Node", () => {
    if (!isTarget(target)) throw new Error(`There is no package for ${target}.`);
    const builds = files.filter((path) => path.includes("/@lmdb/") && path.endsWith(".node"));
    const folder = `dist/node_modules/${indexPackageOf(target)}/`;
    expect(builds.length).toBeGreaterThan(0);
    expect(builds.filter((path) => !path.startsWith(folder) || !path.includes(".napi."))).toEqual(
      [],
    );
  });

  it("has every file that the libraries load, with their licences", async () => {
    expect(files).toEqual(
      expect.arrayContaining((await runtimeFiles()).map((path) => `dist/${path}`)),
    );
    expect(files).toContain("dist/node_modules/node-llama-cpp/LICENSE");
  });

  it("has a manifest without anything of development", () => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as object;
    expect(manifest).not.toHaveProperty("scripts");
    expect(manifest).not.toHaveProperty("devDependencies");
    expect(manifest).toMatchObject({ main: "./dist/extension.cjs", icon: "media/icon.png" });
  });
});

function installedName(): string {
  const [name] = readdirSync(inject("codeServer").extensionsFolder).filter((entry) =>
    entry.startsWith("kvasir.kvasir-"),
  );
  if (name === undefined) throw new Error("The package is not installed.");
  return name;
}

/** Packages name their own folders as they like. */
function ofPackages(path: string): boolean {
  return path.startsWith("dist/node_modules/") && path.endsWith(".js");
}
