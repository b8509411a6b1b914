import { realpath, stat } from "node:fs/promises";
import { UsageError } from "../failures.ts";

/** The folder that an option names, or the present one, by its canonical path. */
export async function workFolder(given = "."): Promise<string> {
  try {
    const root = await realpath(given);
    if ((await stat(root)).isDirectory()) return root;
  } catch {
    // It is told below.
  }
  throw new UsageError(`There is no folder ${given} to work in.`);
}
