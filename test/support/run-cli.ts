import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export type CliRun = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export function spawnCli(args: readonly string[]): ChildProcess {
  const { KVASIR_MODEL: _, ...env } = process.env;
  return spawn(process.execPath, ["dist/cli.mjs", ...args], {
    cwd: repository,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs the built command line in the repository and waits for its end. */
export async function runCli(args: readonly string[], input = ""): Promise<CliRun> {
  const child = spawnCli(args);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => undefined).end(input);
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr };
}
