import type { MeterReading } from "../../protocol/meter.ts";
import { countOf, inlineCode } from "./format.ts";

/** Longer excerpts would push the numbers out of sight. */
const EXCERPT_CHARACTERS_MAX = 60;

/** Why a turn prefilled tokens that had been resident, as one phrase; `null` if it did not. */
export function reprefillReason({ divergence, usage }: MeterReading): string | null {
  if (divergence === null) return null;
  const again = Math.min(divergence.droppedTokens, usage.prefilledTokens);
  if (again === 0) return null;
  const owner = ownerOf(divergence.segmentLabel ?? divergence.segmentId);
  const happened = divergence.removed ? "was taken out before" : "changed at";
  return `${countOf(again, "token")} again because ${owner} ${happened} ${excerptOf(divergence.text)}`;
}

/** Whose text has changed. */
export function ownerOf(label: string | null): string {
  return label === null ? "the chat template or the tools" : inlineCode(label);
}

export function excerptOf(text: string): string {
  return inlineCode(text.slice(0, EXCERPT_CHARACTERS_MAX));
}
