import { fork } from "node:child_process";
import { programFile } from "./program-file.ts";
import { SIDECAR_THREADPOOL_SIZE } from "./sidecar-process.ts";

/** What a worker process tells: notes while it works, then one of the others. */
export type WorkerReport =
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Gives a task to a process of its own: one that loads a model needs a small thread pool from its
 * start. Notes go to standard error.
 */
export async function runInWorker(
  program: string,
  task: object,
  signal: AbortSignal,
): Promise<unknown> {
  const child = fork(programFile(program), [], {
    env: { ...process.env, UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE },
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise<unknown>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", () => reject(new Error(`The process ${program} ended unexpectedly.`)));
      child.on("message", (report: WorkerReport) => {
        if (report.kind === "note") process.stderr.write(`kvasir: ${report.text}\n`);
        else if (report.kind === "done") resolve(report.result);
        else reject(new Error(report.message));
      });
      child.send(task);
    });
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
