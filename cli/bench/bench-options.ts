import type { Command } from "commander";
import type { ModelConfig } from "../../protocol/model.ts";
import { chooseModel } from "../choose-model.ts";
import type { ModelName } from "../models/catalogue.ts";
import { wholeNumber } from "../numbers.ts";

/** What every benchmark of a model may be told. */
export type BenchOptions = {
  readonly model?: string;
  readonly threads?: number;
  readonly quick?: true;
  readonly json?: true;
};

/** A benchmark's command with the options that all of them have. */
export function benchCommand(
  bench: Command,
  about: { readonly name: string; readonly description: string; readonly quick: string },
): Command {
  return bench
    .command(about.name)
    .description(about.description)
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--quick", about.quick)
    .option("--json", "print the figures as JSON");
}

/** The model that was named, or a generated one. */
export async function benchModel(
  { model, threads }: BenchOptions,
  fallback: ModelName = "bench",
): Promise<ModelConfig & { readonly path: string }> {
  const { path } = await chooseModel(model, { environment: process.env, fallback });
  return threads === undefined ? { path } : { path, threads };
}
