import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";
import { ensureModel } from "../../cli/models/ensure-model.ts";
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
    temporaryFolder,
  };
  if (!usesElectron) {
    await installExtension(codeServer, vsix);
    await installExtension(codeServer, packProbe(probe));
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
