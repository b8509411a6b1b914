import type { ToolOutcome } from "../tools/tool.ts";

/** What the model reads as the result of a call. Part of the dialect that models are trained on. */
export function resultText(outcome: ToolOutcome): string {
  const text = outcome.kind === "failed" ? `Error: ${outcome.text}` : outcome.text;
  return text.toWellFormed();
}
