import type { ErrorData, ErrorKind } from "../protocol/errors.ts";

/**
 * A request that cannot be served, for a reason the caller can act on. Thrown where a request is
 * refused and turned into a typed error at the wire; anything else that is thrown is a bug.
 */
export class Refusal extends Error {
  readonly data: ErrorData;

  constructor(kind: ErrorKind, message: string, figures?: Record<string, number>) {
    super(message);
    this.name = "Refusal";
    this.data = figures === undefined ? { kind, message } : { kind, message, figures };
  }
}
