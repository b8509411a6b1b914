import { parentPort, workerData } from "node:worker_threads";
import { warmUpChecksum } from "./checksum.ts";
import { diskProblem } from "./disk-problem.ts";
import { openStore } from "./open-store.ts";
import { storeCalls } from "./store-calls.ts";
import type { StoreSettings } from "./store-folder.ts";
import type { ThreadAnswer, ThreadCall } from "./thread-messages.ts";

/**
 * The thread that does a process's work on its store: hashing, reading, writing out, the index. It
 * does one thing after the other and synchronously, so it needs no thread of libuv's pool, whose
 * only one the sidecar's decodes use.
 */
const port = parentPort;
if (port === null) throw new Error("The store's thread was started as a program.");

const store = openStore(workerData as StoreSettings, Date.now());
warmUpChecksum();
const calls = storeCalls(store) as Record<string, (...parameters: unknown[]) => unknown>;

port.on("message", (message: ThreadCall | { readonly kind: "close" }) => {
  if (message.kind === "close") void store.close().then(() => port.close());
  else port.postMessage(answerTo(message));
});
port.postMessage({ kind: "open" } satisfies ThreadAnswer);

function answerTo({ id, name, parameters }: ThreadCall): ThreadAnswer {
  try {
    return { kind: "result", id, result: calls[name]!(...parameters) };
  } catch (error) {
    return { kind: "failed", id, failure: diskProblem(error) };
  }
}
