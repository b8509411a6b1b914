/** What the codes of failed file operations mean to whoever chose the folder. */
const CLAUSES: Readonly<Record<string, string>> = {
  EACCES: "its folder may not be written to",
  EPERM: "its folder may not be written to",
  EROFS: "its folder is on a disk that is read-only",
  ENOSPC: "its disk is full",
  EDQUOT: "its disk is full",
  ENOENT: "its folder is not there any more",
  ENOTDIR: "a part of its path is a file and no folder",
  EEXIST: "a file is in the place of its folder",
  EMFILE: "too many files are open",
};

/** Why the disk did not do its part, as the end of a sentence. Other failures say it themselves. */
export function diskProblem(error: unknown): string {
  const { code = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return CLAUSES[code] ?? (error instanceof Error ? error.message : String(error));
}
