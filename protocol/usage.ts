import * as z from "zod";

const Tokens = z.int().nonnegative();

/**
 * Where a turn's prompt tokens came from. The parts add up to `promptTokens`, unless the turn was
 * cancelled before its prompt was resident.
 */
export const Usage = z.object({
  promptTokens: Tokens,
  /** Resident already as the common prefix. */
  prefixTokens: Tokens,
  /** Kept behind an edited region and moved into place. */
  splicedTokens: Tokens,
  /** Read back from the store. */
  restoredTokens: Tokens,
  /** Shared with another conversation. */
  forkedTokens: Tokens,
  /** Computed in this turn. */
  prefilledTokens: Tokens,
  /** Of the prefilled ones, those computed again only to mend a seam. */
  healedTokens: Tokens,
  /** Resident and used, though computed when an earlier region read differently. */
  staleTokens: Tokens,
  /** Decoded after the prompt. */
  generatedTokens: Tokens,
});
export type Usage = z.infer<typeof Usage>;

/** All tokens of the prompt that were not computed again. */
export function reusedTokens(usage: Usage): number {
  return usage.prefixTokens + usage.splicedTokens + usage.restoredTokens + usage.forkedTokens;
}

/** The first token at which the prompt left what was resident, and whose text that is. */
export const Divergence = z.object({
  tokenIndex: Tokens,
  /** The wanted text from there on, a few words of it. */
  text: z.string(),
  /** The segment that owns the token; `null` for text of the chat template or the tools. */
  segmentId: z.string().nullable(),
  segmentLabel: z.string().nullable(),
  /** That segment was taken out, and `text` is what stands there now. */
  removed: z.boolean(),
  /** Resident tokens that could not be used because of it. */
  droppedTokens: Tokens,
});
export type Divergence = z.infer<typeof Divergence>;
