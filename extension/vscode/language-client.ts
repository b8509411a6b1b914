import { homedir } from "node:os";
import type * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
} from "vscode-languageclient/node";
import type { Handshake } from "../../protocol/handshake.ts";

/**
 * A client for one run of the process: a new run gets a new client, because one that failed to
 * start can never be started again. This file is loaded with the first need of the sidecar.
 */
export function createClient(options: {
  readonly serverModule: string;
  readonly log: vscode.LogOutputChannel;
  readonly handshake: Handshake;
  readonly onClosed: () => void;
}): LanguageClient {
  const { serverModule, log, handshake, onClosed } = options;
  return new QuietClient(
    "kvasir",
    "Kvasir",
    {
      module: serverModule,
      transport: TransportKind.ipc,
      options: {
        // Added to the environment of this process, which the client passes on for a Node module.
        // With more libuv workers, decoding on a CPU takes several times as long.
        env: { UV_THREADPOOL_SIZE: "1" },
        // The workspace folder, which is the default, could not be deleted on Windows.
        cwd: homedir(),
      },
    },
    {
      // No documents are synchronised: text travels in our own messages only.
      documentSelector: [],
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: handshake,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          onClosed();
          const message = "The connection to the sidecar closed.";
          return { action: CloseAction.DoNotRestart, handled: true, message };
        },
      },
    },
  );
}

/** Errors go to the log; what the user sees of them is our own sentence. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override async stop(timeoutMs?: number): Promise<void> {
    try {
      await super.stop(timeoutMs);
    } catch (error) {
      this.error("The sidecar did not stop as it should.", error);
    }
  }
}
