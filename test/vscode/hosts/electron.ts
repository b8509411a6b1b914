import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from "@vscode/test-electron";
import type { EditorHost, EditorHostOptions } from "./editor-host.ts";

export type ElectronOptions = EditorHostOptions & {
  readonly temporaryFolder: string;
  readonly vsix: string;
  /** The folder of the built probe. */
  readonly probe: string;
  /** The folder that its window opens. */
  readonly workspace: string;
};

/**
 * Starts a VS Code of the desktop, downloaded on first use, with the package installed. Its window
 * opens by itself; there is no address for a browser, so only the tests of the API run here.
 */
export async function startElectron(options: ElectronOptions): Promise<EditorHost> {
  const { temporaryFolder, vsix, probe, workspace, settings = {}, asksForTrust } = options;
  const root = await mkdtemp(join(temporaryFolder, "host-"));
  const userFolder = join(root, "user");
  const probeFolder = join(root, "probes");
  await mkdir(join(userFolder, "User"), { recursive: true });
  await mkdir(probeFolder);
  await writeFile(join(userFolder, "User", "settings.json"), JSON.stringify(settings, null, 2));
  const profile = [`--user-data-dir=${userFolder}`, `--extensions-dir=${join(root, "extensions")}`];
  const vscodeExecutablePath = await downloadAndUnzipVSCode();
  const [cli = vscodeExecutablePath] = resolveCliArgsFromVSCodeExecutablePath(vscodeExecutablePath);
  const shell = process.platform === "win32";
  execFileSync(cli, [...profile, "--install-extension", vsix], { shell });
  const ended = runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: probe,
    extensionTestsPath: join(probe, "extension.cjs"),
    extensionTestsEnv: { KVASIR_PROBE_FOLDER: probeFolder },
    launchArgs: [
      workspace,
      ...profile,
      "--disable-telemetry",
      "--disable-updates",
      ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
    ],
  });
  return {
    userFolder,
    probeFolder,
    urlOf: () => null,
    stop: async () => {
      await writeFile(join(probeFolder, "stop"), "");
      await ended;
    },
  };
}
