import { readlink, realpath } from "node:fs/promises";
import { sep } from "node:path";
import type { PathSystem } from "./confine-path.ts";

/** Errors that say that there is nothing to be found at a path, or nothing of the kind. */
const NOTHING_THERE = new Set([
  "ENOENT",
  "ENOTDIR",
  "EINVAL",
  "ELOOP",
  "EACCES",
  "EPERM",
  "UNKNOWN",
]);

/** The file system of this process. `realpath` is the system's own, which knows the letter case. */
export const nodePathSystem: PathSystem = {
  separator: sep,
  realpath: (path) => unlessNothing(realpath(path)),
  readlink: (path) => unlessNothing(readlink(path)),
};

async function unlessNothing(result: Promise<string>): Promise<string | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Error && "code" in error && NOTHING_THERE.has(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}
