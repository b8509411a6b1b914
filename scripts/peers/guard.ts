import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program and ends it on any message, and when whoever started this process ends, however that
 * dies: the IPC channel closes. A program of others does not watch its parent itself.
 */
const SIGNAL_EXIT_BASE = 128;

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error("The guard needs a program.");

const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
const end = (): void => void child.kill("SIGKILL");
process.on("message", end);
process.on("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
child.on("error", ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exit(code ?? SIGNAL_EXIT_BASE + constants.signals[signal ?? "SIGKILL"]);
});
