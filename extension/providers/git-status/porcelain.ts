import type { GitChange, GitFile, GitState } from "./git-state.ts";

/** Files that are told apart; a folder with more has other worries. */
const FILES_MAX = 500;

/**
 * Reads `git status --porcelain=v2 --branch -z`. Its paths begin at the top of the repository, of which
 * the workspace may be a part.
 * @param prefix the way from there to the workspace, as in `packages/a/`.
 */
export function parsePorcelain(output: string, prefix: string): GitState {
  const records = output.split("\0");
  let state: GitState = { branch: null, upstream: null, ahead: 0, behind: 0, files: [] };
  const files: GitFile[] = [];
  for (let index = 0; index < records.length && files.length < FILES_MAX; index++) {
    const record = records[index]!;
    if (record.startsWith("# ")) state = withHeader(state, record);
    // The name that a renamed file had is a record of its own.
    else if (record.startsWith("2 ")) index++;
    const file = fileOf(record);
    if (file?.path.startsWith(prefix) === true) {
      files.push({ ...file, path: file.path.slice(prefix.length) });
    }
  }
  return { ...state, files };
}

function withHeader(state: GitState, record: string): GitState {
  const head = /^# branch\.head (.+)$/u.exec(record)?.[1];
  if (head !== undefined) return { ...state, branch: head === "(detached)" ? null : head };
  const upstream = /^# branch\.upstream (.+)$/u.exec(record)?.[1];
  if (upstream !== undefined) return { ...state, upstream };
  const [, ahead, behind] = /^# branch\.ab \+(\d+) -(\d+)$/u.exec(record) ?? [];
  return ahead === undefined ? state : { ...state, ahead: Number(ahead), behind: Number(behind) };
}

/** How many fields stand before the path, by the kind of record. */
const FIELDS: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

function fileOf(record: string): GitFile | null {
  const kind = record.slice(0, 1);
  const fields = FIELDS[kind];
  if (fields === undefined || record[1] !== " ") return null;
  const parts = record.split(" ");
  const path = parts.slice(fields).join(" ");
  return path === "" ? null : { path, change: changeOf(kind, parts[1] ?? "") };
}

function changeOf(kind: string, code: string): GitChange {
  if (kind === "?") return "untracked";
  if (kind === "u") return "in conflict";
  if (kind === "2") return "renamed";
  if (code.includes("D")) return "deleted";
  return code.includes("A") ? "added" : "modified";
}
