import { spawnSync } from "node:child_process";

export type RunResult = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a program to its end; its output is the result. */
export function tryRun(program: string, args: readonly string[], cwd = "."): RunResult {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw new Error(`${program} could not be run.`, { cause: error });
  return { status, stdout, stderr };
}

export function run(program: string, args: readonly string[], cwd = "."): string {
  const { status, stdout, stderr } = tryRun(program, args, cwd);
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")} failed.\n${stdout}${stderr}`);
}

/** npm, also when it runs this script: a command file is no program on Windows. */
export function npm(args: readonly string[]): RunResult {
  const script = process.env["npm_execpath"];
  return script === undefined ? tryRun("npm", args) : tryRun(process.execPath, [script, ...args]);
}
