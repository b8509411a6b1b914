import type { CancellationToken, RequestType, RequestType0 } from "vscode-jsonrpc";
import { type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type * as z from "zod";
import { ERROR_CODE, type ErrorData } from "../../protocol/errors.ts";
import { Superseded } from "../lane/lane.ts";
import { Refusal } from "../refusal.ts";

/**
 * Registers a request: parameters are checked against their schema before the handler sees them,
 * refusals become typed errors, and cancellation becomes an `AbortSignal`.
 */
export function handle<P, R>(
  connection: Connection,
  type: RequestType<P, R, void>,
  schema: z.ZodType<P>,
  handler: (params: P, signal: AbortSignal) => R | Promise<R>,
): void {
  // The wire decides how many arguments come before the token: none, one, or those of an array.
  connection.onRequest<unknown, void>(
    type.method,
    async (...args: [...unknown[], CancellationToken]) =>
      answering(args.at(-1) as CancellationToken, async (signal) => {
        const parsed = schema.safeParse(args[0]);
        if (!parsed.success) {
          throw new Refusal("badRequest", `${type.method}: ${firstIssueOf(parsed.error)}.`);
        }
        return await handler(parsed.data, signal);
      }),
  );
}

/** What is wrong with a message, and where in it. */
export function firstIssueOf({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.join(".") ?? "";
  return `${where === "" ? "the parameters" : where}: ${issue?.message ?? "invalid"}`;
}

/** The same for a request without parameters. */
export function handleBare<R>(
  connection: Connection,
  type: RequestType0<R, void>,
  handler: (signal: AbortSignal) => R | Promise<R>,
): void {
  connection.onRequest<unknown, void>(
    type.method,
    async (...args: [...unknown[], CancellationToken]) =>
      answering(args.at(-1) as CancellationToken, handler),
  );
}

async function answering(
  token: CancellationToken,
  handler: (signal: AbortSignal) => unknown,
): Promise<unknown> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  try {
    return await handler(controller.signal);
  } catch (error) {
    throw asResponseError(error, controller.signal);
  } finally {
    subscription.dispose();
  }
}

export function asResponseError(
  error: unknown,
  signal?: AbortSignal,
): ResponseError<ErrorData | undefined> {
  if (error instanceof Refusal) return new ResponseError(ERROR_CODE, error.message, error.data);
  const cancelled = signal?.aborted === true && error === signal.reason;
  if (cancelled || error instanceof Superseded) {
    return new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
  }
  const reason = error instanceof Error ? error.message : String(error);
  const data: ErrorData = { kind: "modelFailed", message: `The model failed: ${reason}` };
  return new ResponseError(ERROR_CODE, data.message, data);
}
