import type { GenerateEvent } from "../../protocol/generate.ts";
import { formatCount, formatShare } from "./format.ts";

/** What is going on before the first token, in a few words; `null` once there are tokens. */
export function progressText(event: GenerateEvent): string | null {
  if (event.kind === "loading") return `loading model… ${formatShare(event.share)}`;
  if (event.kind !== "prefill") return null;
  const { reusedTokens, processedTokens, totalTokens } = event;
  const missingTokens = totalTokens - reusedTokens;
  const reused = formatShare(totalTokens === 0 ? 0 : reusedTokens / totalTokens);
  const text = `prefilling ${formatCount(missingTokens)} of ${formatCount(totalTokens)} tokens, ${reused} reused`;
  const doneTokens = processedTokens - reusedTokens;
  return doneTokens > 0 ? `${text}: ${formatShare(doneTokens / missingTokens)} done` : text;
}
