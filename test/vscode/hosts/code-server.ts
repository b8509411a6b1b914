import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { SCRIPT_VARIABLE } from "../../../cli/scripted/script-file.ts";
import { waitFor } from "../support/wait-for.ts";
import type { EditorHost, EditorHostOptions } from "./editor-host.ts";

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;
const run = promisify(execFile);

export type CodeServerInstallation = {
  readonly program: string;
  readonly extensionsFolder: string;
  /** The same extensions, with a sidecar whose model says what a script says. */
  readonly scriptedExtensionsFolder: string;
  /** A folder for whatever a run leaves behind. */
  readonly temporaryFolder: string;
};

export async function installExtension(
  { program, extensionsFolder, temporaryFolder }: CodeServerInstallation,
  vsix: string,
): Promise<void> {
  const userFolder = join(temporaryFolder, "installer");
  await run(
    process.execPath,
    [program, ...profile(userFolder, extensionsFolder), "--install-extension", vsix],
    { env: environment() },
  );
}

/** Starts a code-server for this test run alone; windows open in a browser. */
export async function startCodeServer(
  { program, temporaryFolder, ...folders }: CodeServerInstallation,
  { settings = {}, asksForTrust = false, script }: EditorHostOptions,
): Promise<EditorHost> {
  const root = await mkdtemp(join(temporaryFolder, "host-"));
  const userFolder = join(root, "user");
  const probeFolder = join(root, "probes");
  await mkdir(probeFolder);
  await writeSettings(userFolder, settings);
  const extensionsFolder =
    script === undefined ? folders.extensionsFolder : folders.scriptedExtensionsFolder;
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [
      program,
      ...profile(userFolder, extensionsFolder),
      `--bind-addr=127.0.0.1:${port}`,
      "--auth=none",
      "--disable-telemetry",
      "--disable-update-check",
      "--disable-getting-started-override",
      ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
    ],
    {
      env: {
        ...environment(),
        KVASIR_PROBE_FOLDER: probeFolder,
        ...(script === undefined ? {} : { [SCRIPT_VARIABLE]: script }),
      },
      stdio: "ignore",
    },
  );
  const origin = `http://127.0.0.1:${port}`;
  try {
    await waitFor("code-server to listen", () => answers(`${origin}/healthz`), START_MS_MAX);
  } catch (error) {
    await stop(server);
    throw error;
  }
  return {
    userFolder,
    probeFolder,
    urlOf: (folder, openFile) => urlOf(origin, port, folder, openFile),
    stop: () => stop(server),
  };
}

/** Settings of the machine have a file of their own in an editor that runs on a server. */
async function writeSettings(
  userFolder: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const ofMachine = (name: string): boolean => name.startsWith("kvasir.model.");
  for (const [folder, belongs] of [
    ["Machine", ofMachine],
    ["User", (name: string) => !ofMachine(name)],
  ] as const) {
    const path = join(userFolder, folder, "settings.json");
    const entries = Object.entries(settings).filter(([name]) => belongs(name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(Object.fromEntries(entries), null, 2));
  }
}

function profile(userFolder: string, extensionsFolder: string): string[] {
  return [
    `--config=${join(userFolder, "code-server.yaml")}`,
    `--user-data-dir=${userFolder}`,
    `--extensions-dir=${extensionsFolder}`,
  ];
}

/** Without what says that these tests themselves run in some editor's terminal. */
function environment(): NodeJS.ProcessEnv {
  const isOfEditor = (name: string): boolean => /^(VSCODE_|NODE_|npm_|VITEST|VITE_)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfEditor(name)));
}

function urlOf(origin: string, port: number, folder: string, openFile?: string): string {
  const url = new URL(origin);
  url.searchParams.set("folder", folder);
  if (openFile !== undefined) {
    const file = `vscode-remote://127.0.0.1:${port}${join(folder, openFile)}`;
    url.searchParams.set("payload", JSON.stringify([["openFile", file]]));
  }
  return url.href;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const deadline = setTimeout(() => server.kill("SIGKILL"), STOP_MS_MAX);
  server.kill("SIGTERM");
  await once(server, "exit");
  clearTimeout(deadline);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
