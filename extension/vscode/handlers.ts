import type { NotificationType, ProgressType } from "vscode-jsonrpc";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Subscription } from "../client/connection.ts";

type Attach = (client: LanguageClient) => Subscription;

/**
 * Who listens to the sidecar. Outlives every run of it: handlers may be there before the first
 * one starts, and each new one gets them all.
 */
export class Handlers {
  readonly #attached = new Map<Attach, Subscription | null>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  #client: LanguageClient | null = null;

  /** From now on this run is listened to. */
  listenTo(client: LanguageClient): void {
    this.#client = client;
    for (const attach of this.#attached.keys()) this.#attached.set(attach, attach(client));
  }

  onProgress<P>(type: ProgressType<P>, token: string, handler: (value: P) => void): Subscription {
    const attach: Attach = (client) => client.onProgress(type, token, handler);
    this.#add(attach);
    return {
      dispose: () => {
        this.#attached.get(attach)?.dispose();
        this.#attached.delete(attach);
      },
    };
  }

  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Subscription {
    const listeners = this.#listenersOf(type);
    const listener = (params: unknown): void => handler(params as P);
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  }

  /** A client has room for one handler of a method, so that one tells all. */
  #listenersOf<P>(type: NotificationType<P>): Set<(params: unknown) => void> {
    const known = this.#listeners.get(type.method);
    if (known !== undefined) return known;
    const listeners = new Set<(params: unknown) => void>();
    this.#listeners.set(type.method, listeners);
    this.#add((client) =>
      client.onNotification(type, (params: unknown) => {
        for (const listener of listeners) listener(params);
      }),
    );
    return listeners;
  }

  #add(attach: Attach): void {
    this.#attached.set(attach, this.#client === null ? null : attach(this.#client));
  }
}
