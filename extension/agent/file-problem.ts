/** What the system's codes mean, in clauses that a sentence can end with. */
const CLAUSES: ReadonlyMap<string, string> = new Map([
  ["EACCES", "it is not permitted"],
  ["EPERM", "it is not permitted"],
  ["EROFS", "the disk can only be read"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk has no more room for this user"],
  ["EIO", "the disk does not work"],
  ["ENOENT", "it is not there"],
  ["EEXIST", "a file stands where a folder is needed"],
  ["ENOTDIR", "a file stands where a folder is needed"],
  ["EISDIR", "a folder stands where a file is needed"],
  ["ENOTEMPTY", "a folder stands where a file is needed"],
  ["EBUSY", "another program uses it"],
  ["ETXTBSY", "another program uses it"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
  ["EAGAIN", "too many programs run"],
  ["ENOMEM", "there is not enough memory"],
  ["ELOOP", "its links lead in a circle"],
  ["ENAMETOOLONG", "the name is too long"],
  ["E2BIG", "the command is too long"],
]);

/** Others have codes as well, and messages that say more. */
const SYSTEM_CODE = /^E[A-Z\d]+$/u;

/** Why a file could not be used, for people: without the words of the system, and without a full stop. */
export function fileProblem(error: unknown): string {
  const code = codeOf(error);
  if (code !== null) return CLAUSES.get(code) ?? `the system answered with ${code}`;
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/u, "");
}

/** What the system calls the error; `null` of one that is not the system's. */
export function codeOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && SYSTEM_CODE.test(code) ? code : null;
}
