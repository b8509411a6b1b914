import type { WorkerReport } from "./worker-task.ts";

/** The other end of `runInWorker`: does the one task that this process was started for. */
export function serveTask<Task>(
  work: (task: Task, note: (text: string) => void) => Promise<unknown>,
): void {
  const tell = (report: WorkerReport): void => void process.send?.(report);
  process.on("disconnect", () => process.exit(0));
  process.once("message", (task) => {
    work(task as Task, (text) => tell({ kind: "note", text })).then(
      (result) => tell({ kind: "done", result }),
      (error: unknown) =>
        tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
    );
  });
}
