import { PassThrough } from "node:stream";
import {
  createMessageConnection,
  CancellationTokenSource,
  type MessageConnection,
  type NotificationType,
  type ProgressType,
  type RequestType,
  type RequestType0,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { createConnection, LSPErrorCodes } from "vscode-languageserver/node";
import type { SidecarConnection, Subscription } from "../../extension/client/connection.ts";
import type { ContextState } from "../../extension/context/state.ts";
import type { MachineFacts } from "../../protocol/machine.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { loadSimulated } from "../../sidecar/engine/simulated/load-simulated.ts";
import type {
  SimulatedEngine,
  SimulatedOptions,
} from "../../sidecar/engine/simulated/simulated-engine.ts";
import { renderPrompt } from "../../sidecar/prompt/render.ts";
import { ChatTemplate } from "../../sidecar/prompt/template.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { serve } from "../../sidecar/server/serve.ts";

type Sent = { readonly method: string; readonly bytes: number; readonly params: unknown };

/** The sidecar's server in this process, over the real protocol, with a simulated model. */
export class InProcessSidecar implements SidecarConnection {
  readonly #connection: MessageConnection;
  readonly #stop: () => Promise<void>;
  /** Every request, for tests that count what travels. */
  readonly sent: Sent[] = [];
  #engine: SimulatedEngine | null = null;

  private constructor(options: SimulatedOptions) {
    const toSidecar = new PassThrough();
    const toClient = new PassThrough();
    const server = createConnection(toSidecar, toClient);
    const loadEngine = loadSimulated({
      ...options,
      onLoaded: (engine) => {
        this.#engine = engine;
      },
    });
    const inspectMachine = async (): Promise<MachineFacts> => {
      throw new Error("There is no machine to inspect.");
    };
    const host = serve(server, { loadEngine, openStore: BlockStore.open, inspectMachine });
    server.listen();
    this.#connection = createMessageConnection(
      new StreamMessageReader(toClient),
      new StreamMessageWriter(toSidecar),
    );
    this.#connection.listen();
    this.#stop = async () => {
      await host.close();
      this.#connection.dispose();
      server.dispose();
    };
  }

  static async start(options: SimulatedOptions = {}): Promise<InProcessSidecar> {
    const sidecar = new InProcessSidecar(options);
    await sidecar.#connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { protocolVersion: PROTOCOL_VERSION, model: { path: "simulated" } },
    });
    await sidecar.#connection.sendNotification("initialized", {});
    return sidecar;
  }

  get engine(): SimulatedEngine {
    if (this.#engine === null) throw new Error("No model has been loaded yet.");
    return this.#engine;
  }

  /** What the model has read, as text. */
  get residentText(): string {
    return this.engine.tokenizer.detokenize(this.engine.cells.resident());
  }

  /** What the model has to read of a window according to its owner. */
  textOf(state: ContextState): string {
    const { chat, facts, tokenizer } = this.engine;
    const window = { version: 0, segments: state.segments, tools: state.tools };
    const { pieces } = renderPrompt(new ChatTemplate(chat), window, facts.fingerprint);
    return pieces
      .map(({ text, tokens }) => (tokens === undefined ? text : tokenizer.detokenize(tokens)))
      .join("");
  }

  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    const bytes = Buffer.byteLength(JSON.stringify(params));
    this.sent.push({ method: type.method, bytes, params });
    // The editor's client does not send what is cancelled already.
    if (signal?.aborted === true) throw new ResponseError(LSPErrorCodes.RequestCancelled, "");
    const source = new CancellationTokenSource();
    signal?.addEventListener("abort", () => source.cancel(), { once: true });
    return await this.#connection.sendRequest(type.method, params, source.token);
  }

  async requestBare<R>(type: RequestType0<R, void>): Promise<R> {
    return await this.#connection.sendRequest(type.method);
  }

  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription {
    return this.#connection.onNotification(type.method, handler);
  }

  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription {
    return this.#connection.onProgress(type, token, handler);
  }

  async stop(): Promise<void> {
    await this.#stop();
  }
}
