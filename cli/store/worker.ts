import { StoreFailure } from "../../sidecar/store/block-store.ts";
import { clear, prune, stats, verify } from "../../sidecar/store/maintenance.ts";
import { openStore } from "../../sidecar/store/open-store.ts";
import { serveTask } from "../serve-task.ts";
import type { StoreTask } from "./messages.ts";
import { runPrompt } from "./run-prompt.ts";

/** The process that has the store, and the model where a command needs one. */
serveTask<StoreTask>(async (task, note) => {
  switch (task.kind) {
    case "store":
    case "lookup":
    case "extend":
      return await runPrompt(task, note);
    default:
      return await maintain(task);
  }
});

const MAINTENANCE = { stats, verify, prune, clear };

async function maintain({ kind, place }: Exclude<StoreTask, { text: string }>): Promise<unknown> {
  const store = open(place);
  try {
    return MAINTENANCE[kind](store, Date.now());
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
