import { fork } from "node:child_process";
import { programFile } from "../../program-file.ts";
import { SIDECAR_THREADPOOL_SIZE } from "../../sidecar-process.ts";
import {
  type ForkRow,
  type SpliceRow,
  TASK_VARIABLE,
  type WorkerMessage,
  type WorkerTask,
} from "./messages.ts";

export type Measured<Row> = {
  readonly rows: readonly Row[];
  readonly done: Extract<WorkerMessage, { kind: "done" }>;
};

/** Runs a task in a process of its own and gathers its rows; progress goes to stderr. */
export async function runWorker<Row extends SpliceRow | ForkRow>(
  task: WorkerTask,
  signal: AbortSignal,
): Promise<Measured<Row>> {
  const child = fork(programFile("bench-worker.mjs"), [], {
    env: {
      ...process.env,
      UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE,
      [TASK_VARIABLE]: JSON.stringify(task),
    },
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await gather<Row>(child);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function gather<Row>(child: ReturnType<typeof fork>): Promise<Measured<Row>> {
  const rows: Row[] = [];
  return await new Promise<Measured<Row>>((resolve, reject) => {
    child.on("exit", () => reject(new Error("The benchmark's worker ended unexpectedly.")));
    child.on("error", reject);
    child.on("message", (message: WorkerMessage) => {
      if (message.kind === "row") rows.push(message.row as Row);
      if (message.kind === "failed") reject(new Error(`The benchmark failed: ${message.message}`));
      if (message.kind === "done") resolve({ rows, done: message });
      else process.stderr.write(`${JSON.stringify(message)}\n`);
    });
  });
}
