import { stat } from "node:fs/promises";
import { codeOf, fileProblem } from "../file-problem.ts";

/**
 * Why a program could not be started in a folder, as a sentence. Where the folder is gone, the system
 * says that the program is not there.
 */
export async function startProblem(
  error: unknown,
  { program, folder }: { readonly program: string; readonly folder: string },
): Promise<string> {
  if (codeOf(error) !== "ENOENT") return `${program} could not be started: ${fileProblem(error)}.`;
  return (await isThere(folder)) ? `${program} was not found.` : `There is no folder ${folder}.`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
