/** What becomes of one file; `null` is a file that is not there. */
export type FileEdit = {
  readonly path: string;
  /** What the change was made from. */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
};

export type EditEnd =
  | { readonly kind: "applied" }
  /** Nothing was changed; the sentence says why. Files that could not be put back are named by it. */
  | { readonly kind: "refused"; readonly sentence: string };

/** The port to whatever changes files. */
export interface Edits {
  /** Applies all or nothing, as one step that can be undone. */
  apply(edits: readonly FileEdit[]): Promise<EditEnd>;
}
