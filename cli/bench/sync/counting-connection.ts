import type { NotificationType, ProgressType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { SidecarConnection, Subscription } from "../../../extension/client/connection.ts";
import { ChangeContext } from "../../../protocol/context.ts";

/** The size of a change, and both clocks when it had been written out. */
export type SentChange = {
  readonly bytes: number;
  readonly sentMs: number;
  readonly sentCpu: NodeJS.CpuUsage;
};

/** Passes everything on, and notes what the changes of a context weigh on the wire. */
export class CountingConnection implements SidecarConnection {
  readonly #inner: SidecarConnection;
  #latest: SentChange | null = null;

  constructor(inner: SidecarConnection) {
    this.#inner = inner;
  }

  /** The latest change. */
  takeChange(): SentChange {
    const latest = this.#latest;
    this.#latest = null;
    if (latest === null) throw new Error("No change was sent.");
    return latest;
  }

  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    const answer = this.#inner.request(type, params, signal);
    if (type.method === ChangeContext.method) {
      // By now the message has been written out, so that writing it once more counts against us.
      const message = JSON.stringify({ jsonrpc: "2.0", id: 0, method: type.method, params });
      const bytes = Buffer.byteLength(message);
      this.#latest = { bytes, sentMs: performance.now(), sentCpu: process.cpuUsage() };
    }
    return await answer;
  }

  async requestBare<R>(type: RequestType0<R, void>, signal?: AbortSignal): Promise<R> {
    return await this.#inner.requestBare(type, signal);
  }

  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription {
    return this.#inner.onNotification(type, handler);
  }

  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription {
    return this.#inner.onProgress(type, token, handler);
  }
}
