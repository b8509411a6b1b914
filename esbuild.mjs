/**
 * Bundles the programs into dist/: the extension (CommonJS, loaded by the editor), the sidecar, the
 * command line and the processes that hold a model for it while it measures (ES modules, run by
 * Node). `--watch` rebuilds on change, `--production` minifies and leaves the source maps out,
 * `--outdir=` names another folder than dist/.
 *
 * A data file lies beside the code that reads it, both in the sources and in dist/: code in
 * cli/models/tokenizer/ reads `new URL("./merges.txt", import.meta.url)`, which names the file in
 * its own folder when run from source and dist/merges.txt when run from dist/cli.mjs.
 */
import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { build, context } from "esbuild";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");
const outdirOption = process.argv.find((argument) => argument.startsWith("--outdir="));
const outdir = outdirOption?.slice("--outdir=".length) ?? "dist";

/** @type {ReadonlyArray<readonly [from: string, to: string]>} */
const dataFiles = [["cli/models/tokenizer/merges.txt", `${outdir}/merges.txt`]];

// Bundled CommonJS packages call `require` for Node's built-ins, which an ES module lacks.
const requireShim =
  'import { createRequire as createBundleRequire } from "node:module";\n' +
  "const require = createBundleRequire(import.meta.url);";

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  logLevel: "info",
};

/** @type {import("esbuild").BuildOptions} */
const esModule = {
  ...common,
  format: "esm",
  mainFields: ["module", "main"],
  external: ["node-llama-cpp", "@node-llama-cpp/*", "@vscode/ripgrep", "lmdb"],
};

/** @type {import("esbuild").BuildOptions[]} */
const bundles = [
  {
    ...common,
    entryPoints: ["extension/main.ts"],
    outfile: `${outdir}/extension.cjs`,
    format: "cjs",
    external: ["vscode"],
  },
  {
    ...esModule,
    entryPoints: ["sidecar/main.ts"],
    outfile: `${outdir}/sidecar.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["sidecar/store/store-thread.ts"],
    outfile: `${outdir}/store-thread.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/main.ts"],
    outfile: `${outdir}/cli.mjs`,
    banner: { js: `#!/usr/bin/env node\n${requireShim}` },
  },
  {
    ...esModule,
    entryPoints: ["cli/store/worker.ts"],
    outfile: `${outdir}/store-worker.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/bench/restart/worker.ts"],
    outfile: `${outdir}/bench-restart.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/bench/kv/worker.ts"],
    outfile: `${outdir}/bench-worker.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/replay/worker.ts"],
    outfile: `${outdir}/replay-worker.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/scripted/main.ts"],
    outfile: `${outdir}/scripted-sidecar.mjs`,
    banner: { js: requireShim },
  },
  {
    ...esModule,
    entryPoints: ["cli/bench/bare-decode.ts"],
    outfile: `${outdir}/bare-decode.mjs`,
    banner: { js: requireShim },
  },
];

await rm(outdir, { recursive: true, force: true });
for (const [from, to] of dataFiles) {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

if (watch) {
  const contexts = await Promise.all(bundles.map((options) => context(options)));
  await Promise.all(contexts.map((bundle) => bundle.watch()));
} else {
  const results = await Promise.allSettled(bundles.map((options) => build(options)));
  // esbuild has already printed what is wrong.
  if (results.some(({ status }) => status === "rejected")) process.exit(1);
  await chmod(`${outdir}/cli.mjs`, 0o755);
}
