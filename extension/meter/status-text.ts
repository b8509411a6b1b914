import type { GenerateEvent } from "../../protocol/generate.ts";
import type { ModelStatus } from "../../protocol/model.ts";
import { formatShare } from "./format.ts";
import { progressText } from "./progress-text.ts";

export type Status = {
  readonly model: ModelStatus;
  /** The last event of a turn in progress. */
  readonly activity: GenerateEvent | null;
  /** Of the last turn; `null` before the first one. */
  readonly cachedShare: number | null;
  /** The sidecar crashed too often and is not started again. */
  readonly down: boolean;
};

/** One line for the status bar, with codicons. */
export function statusText({ model, activity, cachedShare, down }: Status): string {
  if (down) return "$(error) Kvasir: sidecar stopped";
  const progress = activity === null ? null : progressText(activity);
  if (progress !== null) return `$(sync~spin) ${progress}`;
  if (activity !== null) return "$(sync~spin) answering";
  switch (model.state) {
    case "unset":
      return "$(database) Kvasir: no model";
    case "loading":
      return `$(sync~spin) loading ${formatShare(model.share)}`;
    case "failed":
      return "$(warning) Kvasir: model failed";
    case "unloaded":
      return "$(database) Kvasir: unloaded";
    case "ready":
      return cachedShare === null
        ? "$(database) Kvasir"
        : `$(database) ${formatShare(cachedShare)} cached`;
  }
}

export function needsAttention({ model, down }: Status): boolean {
  return down || model.state === "failed";
}
