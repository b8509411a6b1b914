import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** Installed libraries that stay as they are: they find their native code by their own place. */
const ENGINE = "node_modules/node-llama-cpp";
const INDEX = "node_modules/lmdb";

/** Read by the library with `fs`, so that no import names it. */
const READ_AT_RUN_TIME = [`${ENGINE}/llama/binariesGithubRelease.json`];

/**
 * Optional native code that its users do without: an accelerator of file copies and one of a format
 * that the index is not written in.
 */
const LEFT_OUT = /(^|\/)(@reflink|msgpackr-extract|@msgpackr-extract)\//;

const NOTICES = /^(licen[cs]e|notice|copying)/i;

/**
 * The files of node-llama-cpp, lmdb and their packages that are needed at run time. Most of what
 * the engine depends on serves its command line and its compiler. What the main files can reach by
 * `import` and `require` is found by letting esbuild bundle them and throwing the bundle away; the
 * list of inputs is the answer. It is about 550 of 6,000 files. Every one comes with the package.json files
 * that say how it is loaded, and every package with its licence.
 */
export async function runtimeFiles(): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: { engine: `${ENGINE}/dist/index.js`, index: `${INDEX}/node-index.js` },
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    platform: "node",
    format: "esm",
    external: ["@node-llama-cpp/*", "@lmdb/*", "electron"],
    loader: { ".node": "empty" },
    logLevel: "error",
  });
  const files = new Set([...Object.keys(metafile.inputs), ...READ_AT_RUN_TIME]);
  for (const file of files) {
    if (LEFT_OUT.test(file)) files.delete(file);
    else for (const companion of companionsOf(file)) files.add(companion);
  }
  return [...files].toSorted();
}

/** Each package.json between a file and the root of its package, and the package's licences. */
function companionsOf(file: string): string[] {
  const companions: string[] = [];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) companions.push(manifest);
    if (isPackageRoot(folder)) return [...companions, ...noticesIn(folder)];
  }
}

function isPackageRoot(folder: string): boolean {
  return /(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/.test(folder);
}

function noticesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => NOTICES.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
