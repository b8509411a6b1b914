import * as vscode from "vscode";

/** The editor cancels with tokens, everything below with signals. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  // The listener goes away with the token's source, which belongs to the request.
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** A token that follows a signal until it is disposed of. */
export function tokenOf(signal: AbortSignal | undefined): vscode.CancellationTokenSource {
  const source = new vscode.CancellationTokenSource();
  if (signal === undefined) return source;
  const cancel = (): void => source.cancel();
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel, { once: true });
  source.token.onCancellationRequested(() => signal.removeEventListener("abort", cancel));
  return source;
}
