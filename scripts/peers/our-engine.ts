import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { SIDECAR_THREADPOOL_SIZE } from "../../cli/sidecar-process.ts";
import type { Reuse } from "../../protocol/generate.ts";
import {
  OUR_TASK_VARIABLE,
  type OurMessage,
  type OurRequest,
  type OurTask,
} from "./our-messages.ts";
import type { Reading } from "./peer.ts";

/** Our engine in a process of its own; one request at a time. */
export class OurEngine {
  readonly facts: Extract<OurMessage, { kind: "ready" }>["facts"];
  readonly batchTokens: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: Extract<OurMessage, { kind: "ready" }>) {
    this.#child = child;
    this.facts = ready.facts;
    this.batchTokens = ready.batchTokens;
  }

  static async start(task: OurTask, signal: AbortSignal): Promise<OurEngine> {
    const child = fork(fileURLToPath(new URL("./our-worker.ts", import.meta.url)), [], {
      env: {
        ...process.env,
        UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE,
        [OUR_TASK_VARIABLE]: JSON.stringify(task),
      },
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      signal,
      killSignal: "SIGKILL",
    });
    // What went wrong is told to whoever waits for a message; an error nobody hears ends Node.
    child.on("error", () => undefined);
    try {
      const message = await nextMessage(child);
      if (message.kind !== "ready") throw new Error("Our engine answered before it was asked.");
      return new OurEngine(child, message);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Makes a prompt resident and decodes its last token. */
  async firstToken(prompt: readonly number[], reuse: Reuse): Promise<Reading> {
    const request: OurRequest = { prompt, reuse };
    const startMs = performance.now();
    const answer = nextMessage(this.#child);
    this.#child.send(request);
    const message = await answer;
    const firstTokenMs = performance.now() - startMs;
    if (message.kind !== "reading") throw new Error("Our engine did not answer what it was asked.");
    return { ...message.reading, firstTokenMs };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** The next message of the process, or why there will be none. */
async function nextMessage(child: ChildProcess): Promise<OurMessage> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    const message = await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as OurMessage),
      once(child, "exit", { signal }).then(() => {
        throw new Error("The process of our engine ended unexpectedly.");
      }),
    ]);
    if (message.kind === "failed") throw new Error(`Our engine failed: ${message.message}`);
    return message;
  } finally {
    waiting.abort();
  }
}
