import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NativePackage } from "./native-packages.ts";
import { run } from "./run.ts";

/** Fields of package.json that mean nothing to the editor or are wrong outside the repository. */
const DEVELOPMENT_FIELDS = [
  "private",
  "bin",
  "scripts",
  "dependencies",
  "devDependencies",
  "config",
  "allowScripts",
];

const PROGRAMS = ["extension.cjs", "sidecar.mjs", "store-thread.mjs"];
const REQUIRED = ["README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "media"];
/** What the read-me shows and names. */
const OPTIONAL = ["docs", "ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md"];

/**
 * Where the packages of the sidecar go. Beside it and not in the root, where the packager would
 * ask npm what belongs to the extension and take all that is installed.
 */
const PACKAGES = "dist/node_modules";

/** Fills an empty folder with everything that goes into a package, and nothing else. */
export function stage(
  folder: string,
  files: readonly string[],
  nativePackages: readonly NativePackage[],
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyPrograms(folder);
  for (const path of REQUIRED) {
    if (!existsSync(path)) throw new Error(`The package needs ${path}, which is missing.`);
    cpSync(path, join(folder, path), { recursive: true });
  }
  for (const path of OPTIONAL) {
    if (existsSync(path)) cpSync(path, join(folder, path), { recursive: true });
  }
  writeManifest(folder);
  for (const file of files) copy(file, join(folder, "dist", file));
  for (const { name, folder: source, parts } of nativePackages) {
    for (const part of parts) copy(join(source, part), join(folder, PACKAGES, name, part));
  }
}

function copyPrograms(folder: string): void {
  const built = `${folder}-programs`;
  run(process.execPath, ["esbuild.mjs", "--production", `--outdir=${built}`]);
  for (const program of PROGRAMS) copy(join(built, program), join(folder, "dist", program));
  rmSync(built, { recursive: true });
}

function writeManifest(folder: string): void {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
  for (const field of DEVELOPMENT_FIELDS) delete manifest[field];
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
}
