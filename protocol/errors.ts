import * as z from "zod";

/** Every reason for which the sidecar refuses a request. Callers branch on these, never on texts. */
export const errorKinds = [
  "badRequest",
  "badEdit",
  "badSetting",
  "busy",
  "modelFailed",
  "modelMissing",
  "modelNotSet",
  "modelTooLarge",
  "modelUnreadable",
  "promptTooLong",
  "protocolVersion",
  "storeUnavailable",
  "unknownContext",
  "unknownGeneration",
  "versionMismatch",
] as const;

export const ErrorKind = z.enum(errorKinds);
export type ErrorKind = z.infer<typeof ErrorKind>;

/** Travels in `ResponseError.data`. `message` is one sentence that can be shown to a user. */
export const ErrorData = z.object({
  kind: ErrorKind,
  message: z.string(),
  /** Numbers behind the sentence, such as `promptTokens` and `windowTokens`. */
  figures: z.record(z.string(), z.number()).optional(),
});
export type ErrorData = z.infer<typeof ErrorData>;

/** The JSON-RPC error code of all of the above; the kind says which one it is. */
export const ERROR_CODE = -31_000;

/** The typed data of an error that came over the wire, or `undefined` when it is not one of ours. */
export function errorDataOf(error: unknown): ErrorData | undefined {
  if (typeof error !== "object" || error === null || !("data" in error)) return undefined;
  const parsed = ErrorData.safeParse(error.data);
  return parsed.success ? parsed.data : undefined;
}
