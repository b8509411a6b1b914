import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export type CliRun = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

let storesFolder: string | null = null;

/** Gone when the tests of a file are. */
function stores(): string {
  if (storesFolder === null) {
    const folder = mkdtempSync(join(tmpdir(), "kvasir-cli-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    storesFolder = folder;
  }
  return storesFolder;
}

type CliOptions = {
  /** Another program than the built command line, relative to the repository. */
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export function spawnCli(
  args: readonly string[],
  { program = "dist/cli.mjs", environment = {} }: CliOptions = {},
): ChildProcess {
  const { KVASIR_MODEL: _, ...env } = process.env;
  return spawn(process.execPath, [program, ...args], {
    cwd: repository,
    // No run finds what another one has kept, unless a test says so.
    env: { ...env, KVASIR_STORE: mkdtempSync(join(stores(), "store-")), ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs the built command line in the repository and waits for its end. */
export async function runCli(
  args: readonly string[],
  input = "",
  options: CliOptions = {},
): Promise<CliRun> {
  const child = spawnCli(args, options);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => undefined).end(input);
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr };
}
