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

const run = promisify(execFile);

/** What Git says of a folder; `null` without Git, or where the folder is no repository. */
export async function readGit(folder: string, signal: AbortSignal): Promise<GitState | null> {
  const git = async (...args: string[]): Promise<string> => {
    const options = { cwd: folder, signal, maxBuffer: OUTPUT_BYTES_MAX, windowsHide: true };
    return (await run("git", [...HARMLESS, ...args], options)).stdout;
  };
  try {
    const [status, prefix] = await Promise.all([
      git("status", "--porcelain=v2", "--branch", "-z", "--", "."),
      git("rev-parse", "--show-prefix"),
    ]);
    return parsePorcelain(status, prefix.replace(/\r?\n$/u, ""));
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
