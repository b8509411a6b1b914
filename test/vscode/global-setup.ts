import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { SCRIPTED_SIDECAR } from "../../cli/scripted/script-file.ts";
import { type CodeServerInstallation, installExtension } from "./hosts/code-server.ts";
import { usesElectron } from "./hosts/choice.ts";
import { installCodeServer } from "./hosts/code-server-install.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly vsix: string;
    readonly codeServer: CodeServerInstallation;
    readonly probe: string;
    readonly tinyModel: string;
    readonly benchModel: string;
  }
}

/**
 * Installs the package and the probe once, for all test files. All of it lies outside the
 * repository: inside, a package that lacks something would find it in node_modules.
 */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const temporaryFolder = mkdtempSync(join(tmpdir(), "kvasir-vscode-"));
  const vsix = packagePath();
  const probe = await buildProbe(temporaryFolder);
  const codeServer = {
    program: usesElectron ? "" : await installCodeServer(),
    extensionsFolder: join(temporaryFolder, "extensions"),
    scriptedExtensionsFolder: join(temporaryFolder, "scripted-extensions"),
    temporaryFolder,
  };
  if (!usesElectron) {
    await installExtension(codeServer, vsix);
    await installExtension(codeServer, packProbe(probe));
    installScripted(codeServer);
  }
  provide("vsix", vsix);
  provide("codeServer", codeServer);
  provide("probe", probe);
  provide("tinyModel", await ensureModel("tiny"));
  provide("benchModel", await ensureModel("bench"));
  return () => rmSync(temporaryFolder, { recursive: true, force: true });
}

function packagePath(): string {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  return resolve(`out/package/kvasir-${version}-${process.platform}-${process.arch}.vsix`);
}

async function buildProbe(folder: string): Promise<string> {
  const source = fileURLToPath(new URL("./probe-extension/", import.meta.url));
  const built = join(folder, "probe");
  await build({
    entryPoints: [join(source, "extension.ts")],
    outfile: join(built, "extension.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    logLevel: "error",
  });
  copyFileSync(join(source, "package.json"), join(built, "package.json"));
  return built;
}

/** Only the program is another one: the engine, its cells and its meter are those of the package. */
function installScripted({
  extensionsFolder,
  scriptedExtensionsFolder,
  temporaryFolder,
}: CodeServerInstallation): void {
  const programs = join(temporaryFolder, "programs");
  const options = { stdio: "ignore" } as const;
  execFileSync(process.execPath, ["esbuild.mjs", `--outdir=${programs}`], options);
  cpSync(extensionsFolder, scriptedExtensionsFolder, { recursive: true });
  // The editor's list of what is installed has absolute paths.
  const list = join(scriptedExtensionsFolder, "extensions.json");
  const listed = readFileSync(list, "utf8");
  writeFileSync(list, listed.replaceAll(extensionsFolder, scriptedExtensionsFolder));
  const name = readdirSync(scriptedExtensionsFolder).find((each) =>
    each.startsWith("kvasir.kvasir-"),
  );
  if (name === undefined) throw new Error("Kvasir is not installed.");
  const sidecar = join(scriptedExtensionsFolder, name, "dist", "sidecar.mjs");
  copyFileSync(join(programs, SCRIPTED_SIDECAR), sidecar);
}

function packProbe(built: string): string {
  const vsix = `${built}.vsix`;
  execFileSync(
    process.execPath,
    [
      resolve("node_modules/@vscode/vsce/vsce"),
      "package",
      `--out=${vsix}`,
      "--no-dependencies",
      "--skip-license",
      "--allow-missing-repository",
      "--allow-star-activation",
    ],
    { cwd: built, stdio: "ignore" },
  );
  return vsix;
}
