import type * as vscode from "vscode";
import type { NotificationType, ProgressType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ModelConfig } from "../../protocol/model.ts";
import type { StoreChoice } from "../../protocol/store.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { SidecarConnection, Subscription } from "../client/connection.ts";
import { SidecarUnavailable } from "../doors/sidecar-unavailable.ts";
import { tokenOf } from "./cancellation.ts";
import { Handlers } from "./handlers.ts";
import { RestartBudget } from "./restart-budget.ts";

const RESTARTS_MAX = 4;
const RESTARTS_WITHIN_MS = 3 * 60_000;

const NOT_STARTED = "The Kvasir sidecar could not be started; its log has the details.";
const STOPPED = "The Kvasir sidecar stopped before it had answered; please try again.";
const GAVE_UP =
  "The Kvasir sidecar crashed too often and was stopped; start it again with “Kvasir: Restart Sidecar”.";

/**
 * What carries text. Its size, never its content, is worth a line: all speed depends on it. Named here
 * because this file is loaded at the start of every window, which the protocol's schemas must not be.
 */
const LOGGED: ReadonlySet<string> = new Set(["kvasir/context/open", "kvasir/context/change"]);

export type SidecarState = "running" | "stopped" | "crashed" | "gaveUp";

export type SidecarOptions = {
  readonly serverModule: string;
  readonly log: vscode.LogOutputChannel;
  /** Where the sidecar keeps what repairs have found on each model. */
  readonly driftFile: string;
  readonly readConfig: () => ModelConfig;
  readonly readStore: () => StoreChoice;
  /** Called before every start, so that whoever listens to the sidecar misses nothing. */
  readonly beforeStart: () => Promise<void>;
  readonly onState: (state: SidecarState) => void;
};

/** Runs the sidecar process: starts it on first need, and again, so many times, after a crash. */
export class Sidecar implements SidecarConnection {
  readonly #options: SidecarOptions;
  readonly #handlers = new Handlers();
  readonly #budget = new RestartBudget(RESTARTS_MAX, RESTARTS_WITHIN_MS);
  #client: Promise<LanguageClient> | null = null;
  #running: LanguageClient | null = null;
  #gaveUp = false;

  constructor(options: SidecarOptions) {
    this.#options = options;
  }

  /** Also while it starts: it was told the settings of that moment, and requests wait for it. */
  get isRunning(): boolean {
    return this.#client !== null;
  }

  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    if (LOGGED.has(type.method)) {
      const bytes = Buffer.byteLength(JSON.stringify(params));
      this.#options.log.info(`${type.method}: ${bytes} bytes`);
    }
    return await this.#send(signal, (client, token) =>
      client.sendRequest<R>(type.method, params, token),
    );
  }

  async requestBare<R>(type: RequestType0<R, void>, signal?: AbortSignal): Promise<R> {
    return await this.#send(signal, (client, token) => client.sendRequest<R>(type.method, token));
  }

  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription {
    return this.#handlers.onNotification(type, handler);
  }

  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription {
    return this.#handlers.onProgress(type, token, handler);
  }

  /** Starts the process anew, even if it had crashed too often. */
  async restart(): Promise<void> {
    await this.stop();
    this.#gaveUp = false;
    this.#budget.refill();
    await this.#started();
  }

  async stop(): Promise<void> {
    const starting = this.#client;
    this.#client = null;
    this.#running = null;
    try {
      const client = await starting;
      if (this.#running === client) this.#running = null;
      await client?.stop();
    } catch {
      // It never started, which was reported when it was tried.
    }
    this.#options.onState("stopped");
  }

  async #send<R>(
    signal: AbortSignal | undefined,
    send: (client: LanguageClient, token: vscode.CancellationToken) => Promise<R>,
  ): Promise<R> {
    const client = await this.#started();
    const source = tokenOf(signal);
    try {
      return await send(client, source.token);
    } catch (error) {
      if (this.#running === client) throw error;
      const returns = !this.#gaveUp;
      throw new SidecarUnavailable(returns ? STOPPED : GAVE_UP, { returns, cause: error });
    } finally {
      source.dispose();
    }
  }

  async #started(): Promise<LanguageClient> {
    if (this.#gaveUp) throw new SidecarUnavailable(GAVE_UP, { returns: false });
    this.#client ??= this.#start();
    return await this.#client;
  }

  async #start(): Promise<LanguageClient> {
    const { serverModule, log, driftFile, readConfig, readStore, beforeStart, onState } =
      this.#options;
    let client: LanguageClient | null = null;
    try {
      const { createClient } = await import("./language-client.ts");
      await beforeStart();
      const handshake = {
        protocolVersion: PROTOCOL_VERSION,
        model: readConfig(),
        store: readStore(),
        driftFile,
      };
      const starting = createClient({
        serverModule,
        log,
        handshake,
        onClosed: () => this.#closed(starting),
      });
      client = starting;
      this.#handlers.listenTo(client);
      await client.start();
      this.#running = client;
      onState("running");
      return client;
    } catch (error) {
      log.error(NOT_STARTED, error instanceof Error ? error : String(error));
      // A process that refused the handshake still runs.
      client?.serverProcess?.kill();
      this.#client = null;
      const { errorDataOf } = await import("../../protocol/errors.ts");
      const sentence = errorDataOf(error)?.message ?? NOT_STARTED;
      throw new SidecarUnavailable(sentence, { returns: false, cause: error });
    }
  }

  #closed(client: LanguageClient): void {
    // One that never ran is reported by its start.
    if (this.#running !== client) return;
    this.#client = null;
    this.#running = null;
    this.#gaveUp = !this.#budget.spend(Date.now());
    this.#options.onState(this.#gaveUp ? "gaveUp" : "crashed");
    if (this.#gaveUp) return;
    this.#started().catch((error: unknown) => this.#options.log.error(String(error)));
  }
}
