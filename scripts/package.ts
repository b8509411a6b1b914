/**
 * Makes the package of the extension for one platform: `npm run package`, or for another platform
 * `npm run package -- --target win32-x64`; with `--cuda` the builds for CUDA go in as well. It is put
 * together in out/package/.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nativePackages } from "./package/native-packages.ts";
import { runtimeFiles } from "./package/runtime-files.ts";
import { sizeReport } from "./package/size-report.ts";
import { stage } from "./package/stage.ts";
import { isTarget, type Target, targets } from "./package/targets.ts";
import { makeVsix } from "./package/vsce.ts";

const FOLDER = "out/package";

async function makePackage(target: Target, cuda: boolean): Promise<string> {
  const downloads = join(FOLDER, "engines");
  const folder = join(FOLDER, target);
  stage(folder, await runtimeFiles(), nativePackages(target, { cuda, downloads }));
  const { name, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  const vsix = join(FOLDER, `${name}-${version}-${target}${cuda ? "-cuda" : ""}.vsix`);
  makeVsix(folder, target, vsix);
  return sizeReport(vsix, folder);
}

try {
  const { values } = parseArgs({
    options: { target: { type: "string" }, cuda: { type: "boolean", default: false } },
  });
  const target = values.target ?? `${process.platform}-${process.arch}`;
  if (!isTarget(target)) {
    throw new Error(`There is no package for ${target}; the targets are ${targets.join(", ")}.`);
  }
  console.log(await makePackage(target, values.cuda));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
