import type { WorkerMessage } from "./messages.ts";

/** Tells the command of a row, or of progress in words. */
export type Tell<Row> = {
  readonly row: (row: Row) => void;
  readonly note: (text: string) => void;
};

/** The worker's half of `runWorker`: waits for the task, runs it, and ends with whoever gave it. */
export function serveTask<Task, Row, Done>(
  run: (task: Task, tell: Tell<Row>) => Promise<Done>,
): void {
  // No orphan: a worker whose command is gone has nobody to measure for.
  process.once("disconnect", () => process.exit(0));
  process.once("message", (task) => {
    void answer(run(task as Task, { row: tellRow, note: tellNote }));
  });

  function tellRow(row: Row): void {
    send({ kind: "row", row });
  }

  function tellNote(text: string): void {
    send({ kind: "note", text });
  }

  async function answer(running: Promise<Done>): Promise<void> {
    try {
      send({ kind: "done", done: await running });
    } catch (error) {
      send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  function send(message: WorkerMessage<Row, Done>): void {
    process.send?.(message);
  }
}
