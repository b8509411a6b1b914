import { type ErrorKind, errorDataOf } from "../../protocol/errors.ts";
import { SidecarUnavailable } from "./sidecar-unavailable.ts";

export type Explained = {
  readonly sentence: string;
  /** What could mend it: another model or setting, a restart of the sidecar, or nobody knows. */
  readonly remedy: "model" | "sidecar" | "log" | null;
};

const UNEXPECTED = "Kvasir failed unexpectedly; its log has the details.";

const MODEL_ERRORS: ReadonlySet<ErrorKind> = new Set([
  "badSetting",
  "modelFailed",
  "modelMissing",
  "modelNotSet",
  "modelTooLarge",
  "modelUnreadable",
]);

/** What to tell a user about whatever was thrown: always one sentence, never a stack. */
export function explain(error: unknown): Explained {
  const data = errorDataOf(error);
  if (data !== undefined) {
    return explainKind(data.kind, data.message);
  }
  if (error instanceof SidecarUnavailable) {
    return { sentence: error.message, remedy: error.returns ? "log" : "sidecar" };
  }
  return { sentence: UNEXPECTED, remedy: "log" };
}

/** What to tell a user about an error that the sidecar has named, and put into a sentence. */
export function explainKind(kind: ErrorKind, sentence: string): Explained {
  return { sentence, remedy: MODEL_ERRORS.has(kind) ? "model" : null };
}
