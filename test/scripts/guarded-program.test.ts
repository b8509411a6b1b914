import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { GuardedProgram } from "../../scripts/peers/guarded-program.ts";

const WAIT_MS_MAX = 10_000;
const WAIT_STEP_MS = 20;
/** Says its number and then never ends by itself. */
const ENDLESS = "console.log(process.pid); setInterval(() => {}, 1000)";
const guard = fileURLToPath(new URL("../../scripts/peers/guard.ts", import.meta.url));

it("ends the program when it is stopped", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const program = new GuardedProgram(process.execPath, ["-e", ENDLESS], resolve);
  const pid = Number(await promise);
  expect(runs(pid)).toBe(true);
  await program.stop();
  await vanished(pid);
  expect(runs(pid)).toBe(false);
});

it("ends the program when the process that started it is killed", async () => {
  const starter = forkStarter();
  const [pid] = (await once(starter, "message")) as [number];
  expect(runs(pid)).toBe(true);
  starter.kill("SIGKILL");
  await vanished(pid);
  expect(runs(pid)).toBe(false);
});

it("tells the last words of a program that ended, and ends without it", async () => {
  const program = new GuardedProgram(
    process.execPath,
    ["-e", "console.error('no such model'); process.exit(3)"],
    () => undefined,
  );
  await program.ended();
  expect(program.lastLine).toBe("no such model");
  await program.stop();
});

it("says of a program that does not exist that it could not be started", async () => {
  const program = new GuardedProgram("no-such-program", [], () => undefined);
  await program.ended();
  expect(program.lastLine).toContain("no-such-program");
});

/** A process that starts a guarded program as its own child and tells the program's number. */
function forkStarter(): ChildProcess {
  const source = `
    const { fork } = require("node:child_process");
    const args = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(ENDLESS)}];
    const child = fork(${JSON.stringify(guard)}, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    child.stdout.on("data", (text) => process.send(Number(String(text))));`;
  return fork("-e", [source], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function vanished(pid: number): Promise<void> {
  for (let waitedMs = 0; runs(pid) && waitedMs < WAIT_MS_MAX; waitedMs += WAIT_STEP_MS) {
    await delay(WAIT_STEP_MS);
  }
}
