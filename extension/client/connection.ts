import type { NotificationType, ProgressType, RequestType, RequestType0 } from "vscode-jsonrpc";

export type Subscription = { dispose(): void };

/**
 * The port to a running sidecar. The editor and the command line each have their own way to start
 * one. A failed request rejects with an error that `errorDataOf` reads, a cancelled one with an
 * error of the code `REQUEST_CANCELLED`; anything else means that the connection is gone.
 */
export interface SidecarConnection {
  request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R>;
  /** For requests without parameters. */
  requestBare<R>(type: RequestType0<R, void>, signal?: AbortSignal): Promise<R>;
  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription;
  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription;
}

/** The code with which LSP answers a request that was cancelled. */
const REQUEST_CANCELLED = -32_800;

export function isCancelled(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === REQUEST_CANCELLED
  );
}
