/** What came of making room on demand. */
export type Compacted =
  | { readonly kind: "compacted"; readonly beforeTokens: number; readonly afterTokens: number }
  /** What could be left out takes no more room than what would be said about it. */
  | { readonly kind: "nothing" }
  | { readonly kind: "stopped" };
