import { runWorker } from "../worker/run-worker.ts";
import type { StoreTask } from "./messages.ts";

/** A process of its own, so that other commands need not load the database of the store. */
const STORE_WORKER = "store-worker.mjs";

/** Runs a task on the store; what it notes goes to standard error. */
export async function runStoreTask<Result>(task: StoreTask, signal: AbortSignal): Promise<Result> {
  const { done } = await runWorker<never, Result>(task, {
    program: STORE_WORKER,
    signal,
    onProgress: (message) => {
      if (message.kind === "note") process.stderr.write(`kvasir: ${message.text}.\n`);
    },
  });
  return done;
}
