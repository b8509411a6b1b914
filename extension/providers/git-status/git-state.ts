/** What Git says of a folder, from whatever source. Paths are relative to the workspace. */
export type GitState = {
  /** `null` where no branch is checked out. */
  readonly branch: string | null;
  readonly upstream: string | null;
  readonly ahead: number;
  readonly behind: number;
  readonly files: readonly GitFile[];
};

export type GitFile = { readonly path: string; readonly change: GitChange };

/** In the order in which they are told: what needs somebody first. */
export const GIT_CHANGES = [
  "in conflict",
  "modified",
  "added",
  "deleted",
  "renamed",
  "untracked",
] as const;
export type GitChange = (typeof GIT_CHANGES)[number];
