import { errorDataOf } from "../protocol/errors.ts";
import { isCancelled } from "../extension/client/connection.ts";

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** The command line was used in a way that cannot work. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a person is told about an error: one sentence on one line. */
export function sentenceOf(error: unknown): string {
  if (isCancelled(error)) return "Interrupted.";
  const said =
    errorDataOf(error)?.message ?? (error instanceof Error ? error.message : String(error));
  return said.replaceAll(/\s*\n\s*/gu, " ").trim();
}

export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
}
