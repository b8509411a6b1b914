import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitState } from "../git-status/git-state.ts";
import { parsePorcelain } from "../git-status/porcelain.ts";

const OUTPUT_BYTES_MAX = 4 * 2 ** 20;

/**
 * A repository can name programs in its configuration that Git would run to look at files faster; and
 * looking must not take the lock that the user's own commands need.
 */
const HARMLESS = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "--no-optional-locks",
];

/**
 * Objects that are missing here would be fetched, by whatever program the repository names for that. Older
 * versions of Git know only the second: no way to fetch has this name.
 */
const FETCHES_NOTHING = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" };

/** Submodules are not looked into: that would be another Git, with a configuration of theirs. */
const STATUS = [
  "status",
  "--porcelain=v2",
  "--branch",
  "--ignore-submodules=dirty",
  "-z",
  "--",
  ".",
];

/** Programs through which Git passes what is in a file before it compares it. */
const FILTERS = [
  "config",
  "--includes",
  "--show-scope",
  "-z",
  "--get-regexp",
  "^filter\\..*\\.(clean|process)$",
];
/** Where the user has written; all else comes with the repository. */
const OWN_SCOPES: ReadonlySet<string> = new Set(["system", "global", "command"]);

const run = promisify(execFile);

/**
 * What Git says of a folder; `null` without Git, where the folder is no repository, or where its
 * configuration would have Git run a program of its choice.
 */
export async function readGit(folder: string, signal: AbortSignal): Promise<GitState | null> {
  const git: RunGit = async (...args) => {
    const options = {
      cwd: folder,
      env: { ...process.env, ...FETCHES_NOTHING },
      signal,
      maxBuffer: OUTPUT_BYTES_MAX,
      windowsHide: true,
    };
    return (await run("git", [...HARMLESS, ...args], options)).stdout;
  };
  try {
    if (await namesFilters(git)) return null;
    const [status, prefix] = await Promise.all([git(...STATUS), git("rev-parse", "--show-prefix")]);
    return parsePorcelain(status, prefix.replace(/\r?\n$/u, ""));
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

type RunGit = (...args: readonly string[]) => Promise<string>;

/** Which filters there are is free to choose, so they cannot be switched off beforehand as the others are. */
async function namesFilters(git: RunGit): Promise<boolean> {
  let found: string;
  try {
    found = await git(...FILTERS);
  } catch (error) {
    // So it ends where there is none.
    if ((error as { readonly code?: unknown }).code === 1) return false;
    throw error;
  }
  // Scopes and entries take turns.
  const scopes = found.split("\0").filter((_, index) => index % 2 === 0);
  return scopes.some((scope) => scope !== "" && !OWN_SCOPES.has(scope));
}
