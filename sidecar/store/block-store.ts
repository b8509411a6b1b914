import { Worker } from "node:worker_threads";
import { diskProblem } from "./disk-problem.ts";
import type { StoreCalls } from "./store-calls.ts";
import type { StoreSettings } from "./store-folder.ts";
import type { ThreadAnswer, ThreadCall } from "./thread-messages.ts";

/** Calls that may wait for the thread. More mean that it has stopped answering. */
const CALLS_WAITING_MAX = 256;

type Waiting = {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
};

/** The store could not do its work. Answers do not depend on it: who called goes on without it. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";

  constructor(reason: string) {
    super(`The store cannot be used: ${reason.replace(/\.$/u, "")}.`);
  }
}

/** `unavailable`: the folder cannot be used; the sentence says why. */
export type StoreOpening =
  | { readonly kind: "open"; readonly store: BlockStore }
  | { readonly kind: "unavailable"; readonly sentence: string };

/** A process's access to a store on disk. The work is done by a thread of its own. */
export class BlockStore {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: StoreFailure | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("error", (error: unknown) => this.#end(diskProblem(error)));
    worker.on("exit", () => this.#end("it has been closed"));
  }

  static async open(this: void, settings: StoreSettings): Promise<StoreOpening> {
    const worker = new Worker(threadFile(), { workerData: settings });
    const store = new BlockStore(worker);
    return await new Promise<StoreOpening>((resolve) => {
      worker.once("error", (error: unknown) => {
        resolve({ kind: "unavailable", sentence: new StoreFailure(diskProblem(error)).message });
      });
      worker.on("message", (answer: ThreadAnswer) => {
        if (answer.kind === "open") resolve({ kind: "open", store });
        else store.#settle(answer);
      });
    });
  }

  async call<Name extends keyof StoreCalls>(
    name: Name,
    ...parameters: Parameters<StoreCalls[Name]>
  ): Promise<ReturnType<StoreCalls[Name]>> {
    if (this.#ended !== null) throw this.#ended;
    if (this.#waiting.size >= CALLS_WAITING_MAX) {
      throw new StoreFailure("it has stopped answering");
    }
    const id = ++this.#calls;
    const result = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#worker.postMessage({ kind: "call", id, name, parameters } satisfies ThreadCall);
    return (await result) as ReturnType<StoreCalls[Name]>;
  }

  /** Finishes what has been asked for, then ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== null) return;
    await new Promise<void>((resolve) => {
      this.#worker.once("exit", () => resolve());
      this.#worker.postMessage({ kind: "close" });
    });
  }

  #settle(answer: Exclude<ThreadAnswer, { kind: "open" }>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === "result") waiting?.resolve(answer.result);
    else waiting?.reject(new StoreFailure(answer.failure));
  }

  #end(reason: string): void {
    this.#ended ??= new StoreFailure(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** The thread's program lies beside this file in the sources, and beside the bundle in dist/. */
function threadFile(): URL {
  const fromSource = import.meta.url.endsWith(".ts");
  return new URL(fromSource ? "./store-thread.ts" : "./store-thread.mjs", import.meta.url);
}
