import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { VictimPhase, VictimReport, VictimTask } from "./store-victim.ts";

const PROGRAM = fileURLToPath(new URL("./store-victim.ts", import.meta.url));

export function startVictim(task: VictimTask): ChildProcess {
  return fork(PROGRAM, [JSON.stringify(task)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Runs a victim to its end and answers its last report; fails with what it said when it failed. */
export async function runVictim(task: VictimTask): Promise<VictimReport> {
  const child = startVictim(task);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let last: VictimReport | null = null;
  child.on("message", (report: VictimReport) => (last = report));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0 || last === null) throw new Error(`A victim ended with ${code}: ${stderr}`);
  return last;
}

/** Waits until a victim says that it is at a phase for the nth time, and a little; then kills it. */
export async function killAt(
  child: ChildProcess,
  phase: VictimPhase,
  options: { readonly times: number; readonly delayMs: number },
): Promise<void> {
  let left = options.times;
  const died = once(child, "close");
  const reached = new Promise<void>((resolve) => {
    child.on("message", (report: VictimReport) => {
      if (report.phase === phase && --left === 0) resolve();
    });
  });
  await Promise.race([reached, died]);
  await new Promise((resolve) => setTimeout(resolve, options.delayMs));
  child.kill("SIGKILL");
  await died;
}
