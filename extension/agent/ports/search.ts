export type FoundFiles = {
  /** Relative to the root, with forward slashes, sorted. */
  readonly paths: readonly string[];
  /** How many there are, shown or not. */
  readonly total: number;
};

export type TextHit = { readonly path: string; readonly line: number; readonly text: string };

export type FoundText = {
  readonly hits: readonly TextHit[];
  /** Whether the search ended at its limit, so that there may be more. */
  readonly more: boolean;
};

export type SearchRefused = { readonly kind: "refused"; readonly sentence: string };

/** The port to a search that leaves out what the workspace's .gitignore files leave out. */
export interface Search {
  /** @param glob such as `src/**` or `*.ts`; empty for all files. */
  files(
    glob: string,
    options: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundFiles | SearchRefused>;
  /** @param pattern a regular expression in ripgrep's syntax. */
  text(
    pattern: string,
    options: { readonly glob: string; readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundText | SearchRefused>;
}
