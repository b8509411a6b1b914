import { type ChildProcess, fork } from "node:child_process";
import { programFile } from "../program-file.ts";
import { SIDECAR_THREADPOOL_SIZE } from "../sidecar-process.ts";
import type { WorkerMessage } from "./messages.ts";

export type Finished<Row, Done> = {
  readonly rows: readonly Row[];
  readonly done: Done;
};

export type WorkerOptions<Row> = {
  /** The bundled program in dist/ that runs the task. */
  readonly program: string;
  readonly signal: AbortSignal;
  /** Told of rows and notes as they come. */
  readonly onProgress: (message: Progress<Row>) => void;
};

export type Progress<Row> = Extract<WorkerMessage<Row, unknown>, { readonly kind: "row" | "note" }>;

/**
 * Runs a task in a process of its own and gathers its rows. The process is apart from the command
 * line because it holds a model, and the size of the thread pool has to be set before it starts.
 */
export async function runWorker<Row, Done>(
  task: object,
  { program, signal, onProgress }: WorkerOptions<Row>,
): Promise<Finished<Row, Done>> {
  signal.throwIfAborted();
  const child = fork(programFile(program), [], {
    env: { ...process.env, UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE },
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await gather<Row, Done>(child, task, onProgress);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function gather<Row, Done>(
  child: ChildProcess,
  task: object,
  onProgress: WorkerOptions<Row>["onProgress"],
): Promise<Finished<Row, Done>> {
  const rows: Row[] = [];
  return await new Promise<Finished<Row, Done>>((resolve, reject) => {
    child.on("exit", () => reject(new Error("The worker process ended unexpectedly.")));
    child.on("error", reject);
    child.on("message", (message: WorkerMessage<Row, Done>) => {
      if (message.kind === "failed") reject(new Error(message.message));
      else if (message.kind === "done") resolve({ rows, done: message.done });
      else {
        if (message.kind === "row") rows.push(message.row);
        onProgress(message);
      }
    });
    child.send(task, (error) => {
      if (error !== null) reject(error);
    });
  });
}
