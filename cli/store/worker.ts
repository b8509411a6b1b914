import { StoreFailure } from "../../sidecar/store/block-store.ts";
import { clear, prune, stats, verify } from "../../sidecar/store/maintenance.ts";
import { openStore } from "../../sidecar/store/open-store.ts";
import { serveTask } from "../worker/serve-task.ts";
import type { PromptTask, StoreTask } from "./messages.ts";
import { runPrompt } from "./run-prompt.ts";

/** The process that has the store, and the model where a command needs one. */
serveTask<StoreTask, never, unknown>(async (task, { note }) =>
  "text" in task ? await runPrompt(task, note) : await maintain(task),
);

async function maintain({ kind, place }: Exclude<StoreTask, PromptTask>): Promise<unknown> {
  const store = open(place);
  try {
    switch (kind) {
      case "stats":
        return stats(store);
      case "verify":
        return verify(store);
      case "prune":
        return prune(store, Date.now());
      case "clear":
        return clear(store, Date.now());
    }
  } finally {
    await store.close();
  }
}

function open(place: StoreTask["place"]): ReturnType<typeof openStore> {
  try {
    return openStore(place, Date.now());
  } catch (error) {
    throw new StoreFailure(error instanceof Error ? error.message : String(error));
  }
}
