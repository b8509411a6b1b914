import type { Budgets } from "./budgets.ts";

/**
 * Says that the schemas of tools take more than their part of the window, or `null`. They stand at
 * the front of every prompt and cannot be left out behind the user's back.
 */
export function toolsSentence(toolsTokens: number, budgets: Budgets): string | null {
  if (toolsTokens <= budgets.pinned) return null;
  return (
    `The tools take ${toolsTokens} tokens of every prompt, and this window has room for ` +
    `${budgets.pinned}: offer the model fewer, or give it a larger window.`
  );
}
