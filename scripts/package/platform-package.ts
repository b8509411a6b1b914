import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { npm, run } from "./run.ts";

type Manifest = { readonly version: string };
type Packed = readonly { readonly filename: string; readonly integrity: string }[];
type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> };

/**
 * The folder of a library's package with native code for one platform: the installed one where it
 * belongs to this machine, else one from the registry, in the version that the library asks for.
 */
export function platformPackageFolder(library: string, name: string, downloads: string): string {
  const version = wantedVersion(library, name);
  const installed = join("node_modules", name);
  if (hasVersion(installed, version)) return installed;
  const folder = join(downloads, `${name.replace("/", "-")}-${version}`);
  const unpacked = join(folder, "package");
  if (hasVersion(unpacked, version)) return unpacked;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = download(name, version, folder);
  run("tar", ["-xzf", archive, "-C", folder]);
  rmSync(archive);
  return unpacked;
}

function download(name: string, version: string, folder: string): string {
  const specifier = `${name}@${version}`;
  const result = npm(["pack", specifier, "--json", "--pack-destination", folder]);
  if (result.status !== 0) {
    throw new Error(`The package ${specifier} could not be fetched from the npm registry.`);
  }
  const [packed] = JSON.parse(result.stdout) as Packed;
  if (packed === undefined) throw new Error(`npm answered nothing for ${specifier}.`);
  const expected = lockedIntegrity(name);
  if (expected !== undefined && expected !== packed.integrity) {
    throw new Error(`The package ${specifier} is not the one that the lock file names.`);
  }
  return join(folder, packed.filename);
}

function wantedVersion(library: string, name: string): string {
  const manifest = JSON.parse(readFileSync(`node_modules/${library}/package.json`, "utf8")) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const version = manifest.optionalDependencies[name];
  if (version === undefined) throw new Error(`${library} knows no package ${name}.`);
  return version;
}

function lockedIntegrity(name: string): string | undefined {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  return lock.packages[`node_modules/${name}`]?.integrity;
}

function hasVersion(folder: string, version: string): boolean {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return false;
  return (JSON.parse(readFileSync(path, "utf8")) as Manifest).version === version;
}
