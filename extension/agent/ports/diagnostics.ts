export type Problem = {
  readonly path: string;
  readonly line: number;
  readonly severity: "error" | "warning";
  readonly message: string;
};

/** The path is none that has problems; one sentence says why. */
export type NoProblems = { readonly kind: "refused"; readonly sentence: string };

/** The port to what tools of the editor know to be wrong. */
export interface Diagnostics {
  /** @param path relative; empty for all files. `null` where nobody looks for problems. */
  problems(path: string, signal: AbortSignal): Promise<readonly Problem[] | NoProblems | null>;
}
