import { readdirSync } from "node:fs";
import { platformPackageFolder } from "./platform-package.ts";
import { enginePackagesOf, indexPackageOf, type Target } from "./targets.ts";

export type NativePackage = {
  readonly name: string;
  readonly folder: string;
  /** What of it goes into the package of the extension. */
  readonly parts: readonly string[];
};

const ENGINE_PARTS = ["package.json", "LICENSE", "dist/index.js", "bins"];

/** The editor's server builds are for glibc, as the engine's are. */
const OTHER_LIBC = /\.musl\./;
/** Builds for N-API run in every Node and in the editor; the others are for one version of Node. */
const ANY_NODE = /\.napi\./;

/** All native code of a package for one platform. */
export function nativePackages(
  target: Target,
  options: { readonly cuda: boolean; readonly downloads: string },
): NativePackage[] {
  const { cuda, downloads } = options;
  const engines = enginePackagesOf(target, { cuda }).map((name) => ({
    name,
    folder: platformPackageFolder("node-llama-cpp", name, downloads),
    parts: ENGINE_PARTS,
  }));
  const name = indexPackageOf(target);
  const folder = platformPackageFolder("lmdb", name, downloads);
  return [...engines, { name, folder, parts: ["package.json", "index.js", ...builds(folder)] }];
}

function builds(folder: string): string[] {
  const found = readdirSync(folder).filter(
    (name) => name.endsWith(".node") && ANY_NODE.test(name) && !OTHER_LIBC.test(name),
  );
  if (found.length === 0) throw new Error(`There is no build for N-API in ${folder}.`);
  return found;
}
