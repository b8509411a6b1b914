import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type {
  MessageConnection,
  NotificationType,
  ProgressType,
  RequestType,
  RequestType0,
} from "vscode-jsonrpc";
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from "vscode-jsonrpc/node";
import type { SidecarConnection, Subscription } from "../extension/client/connection.ts";
import type { Handshake } from "../protocol/handshake.ts";
import type { ModelConfig } from "../protocol/model.ts";
import type { StoreChoice } from "../protocol/store.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { LastLines } from "./last-lines.ts";
import { programFile } from "./program-file.ts";

const STDERR_LINES_MAX = 50;
/** How long the sidecar may take to free the model before it is killed. */
const STOP_MS_MAX = 3_000;
/** How long the last words of an ended process may take to arrive. */
const LAST_WORDS_MS_MAX = 100;

/**
 * With more libuv workers every decode lands on another thread, which on CPU takes several times
 * as long. The size is fixed when a process first uses the pool, so it is set from outside.
 */
export const SIDECAR_THREADPOOL_SIZE = "1";

const SIDECAR_PROGRAM = "sidecar.mjs";

export type SidecarOptions = {
  /** Another program of the package that speaks the same protocol. */
  readonly program?: string;
  /** What it keeps on disk; nothing if absent, so that a measurement computes what it measures. */
  readonly store?: StoreChoice;
  readonly environment?: Readonly<Record<string, string>>;
} & Pick<Handshake, "driftFile">;

/** A sidecar that runs as a child of this process. */
export class SidecarProcess implements SidecarConnection {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #stderr = new LastLines(STDERR_LINES_MAX);
  /** Rejects when the process has ended, and never resolves. */
  readonly #ended: Promise<never>;
  #stopped: Promise<void> | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#stderr.add(text));
    this.#ended = this.#watch();
    this.#ended.catch(() => undefined);
    this.#connection = createMessageConnection(
      new IPCMessageReader(child),
      new IPCMessageWriter(child),
    );
    // Whatever breaks the channel also ends the process, and that is what gets reported.
    this.#connection.onError(() => undefined);
    this.#connection.listen();
  }

  /** Starts a sidecar; the model is loaded with the first request that needs it. */
  static async start(model: ModelConfig, options: SidecarOptions = {}): Promise<SidecarProcess> {
    const { program = SIDECAR_PROGRAM, environment = {}, store = null, driftFile } = options;
    const child = fork(programFile(program), ["--node-ipc"], {
      env: { ...process.env, ...environment, UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE },
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const sidecar = new SidecarProcess(child);
    const handshake: Handshake = { protocolVersion: PROTOCOL_VERSION, model, store, driftFile };
    try {
      await sidecar.#send("initialize", {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
        initializationOptions: handshake,
      });
      await sidecar.#connection.sendNotification("initialized", {});
      return sidecar;
    } catch (error) {
      await sidecar.stop();
      throw error;
    }
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    return await this.#send(type.method, params, signal);
  }

  async requestBare<R>(type: RequestType0<R, void>, signal?: AbortSignal): Promise<R> {
    return await this.#send(type.method, undefined, signal);
  }

  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription {
    return this.#connection.onNotification(type.method, handler);
  }

  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription {
    return this.#connection.onProgress(type, token, handler);
  }

  /** Ends the process, by force when it does not go in time. Never fails. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const deadline = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS_MAX);
    try {
      await this.#send("shutdown", undefined);
      await this.#connection.sendNotification("exit");
      await this.#ended;
    } catch {
      // It has ended, on its own or by force.
    }
    clearTimeout(deadline);
    this.#connection.dispose();
  }

  async #send<R>(method: string, params: unknown, signal?: AbortSignal): Promise<R> {
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted === true) cancel();
    const { token } = cancellation;
    const answer: Promise<R> =
      params === undefined
        ? this.#connection.sendRequest(method, token)
        : this.#connection.sendRequest(method, params, token);
    try {
      return await Promise.race([answer, this.#ended]);
    } finally {
      signal?.removeEventListener("abort", cancel);
      answer.catch(() => undefined);
    }
  }

  async #watch(): Promise<never> {
    const reason = await new Promise<string>((resolve) => {
      this.#child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once("exit", (code, killer) =>
        resolve(`ended unexpectedly (${killer ?? `exit code ${code}`})`),
      );
    });
    const { stderr } = this.#child;
    if (stderr !== null && !stderr.closed) {
      await Promise.race([once(stderr, "close"), delay(LAST_WORDS_MS_MAX)]);
    }
    const lastWords = this.#stderr.all.at(-1);
    throw new Error(`The sidecar ${reason}${lastWords === undefined ? "" : `: ${lastWords}`}.`);
  }
}
