import { resolve } from "node:path";
import { isModelName, type ModelName } from "./models/catalogue.ts";
import { ensureModel } from "./models/ensure-model.ts";
import { UsageError } from "./failures.ts";

export type ChosenModel = {
  readonly path: string;
  /** Made by this program with random weights, so that what it says has no meaning. */
  readonly generated: boolean;
};

/**
 * The model that a command runs: the option, else `KVASIR_MODEL`, else the fallback if there is
 * one. The name of a test model stands for its file, which is made when it is not there yet.
 */
export async function chooseModel(
  option: string | undefined,
  options: { readonly environment: NodeJS.ProcessEnv; readonly fallback?: ModelName },
): Promise<ChosenModel> {
  const chosen = option ?? (options.environment["KVASIR_MODEL"] || options.fallback);
  if (chosen === undefined || chosen === "") {
    throw new UsageError("No model is chosen; name one with --model or set KVASIR_MODEL.");
  }
  if (isModelName(chosen)) return { path: await ensureModel(chosen), generated: true };
  return { path: resolve(chosen), generated: false };
}
