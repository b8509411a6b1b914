import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { tryRun } from "./run.ts";
import type { Target } from "./targets.ts";

const WARNING = /\bWARNING\b/;

/**
 * The one warning that is accepted: it advises to bundle a package of many files. The extension and
 * the sidecar are bundled; node-llama-cpp is not, because it finds its binaries by its own place.
 * The editor never loads it, only the sidecar does, once.
 */
const ACCEPTED = /This extension consists of \d+ files, out of which \d+ are JavaScript files/;

/** Makes the package out of a staged folder. Any warning is an error. */
export function makeVsix(folder: string, target: Target, vsix: string): void {
  const { status, stdout, stderr } = tryRun(
    process.execPath,
    [
      resolve("node_modules/@vscode/vsce/vsce"),
      "package",
      `--target=${target}`,
      `--out=${resolve(vsix)}`,
      // They are staged already, each with the files that it needs.
      "--no-dependencies",
      // The project has no public home yet, so links stay relative.
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
    ],
    folder,
  );
  const output = stripVTControlCharacters(stdout + stderr);
  if (status !== 0) throw new Error(`The package could not be made.\n${output}`);
  const warnings = output.split("\n").filter((line) => WARNING.test(line) && !ACCEPTED.test(line));
  if (warnings.length > 0) throw new Error(`The package has warnings.\n${warnings.join("\n")}`);
}
