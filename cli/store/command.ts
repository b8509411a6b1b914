import { type Command, InvalidArgumentError } from "commander";
import { chooseModel } from "../choose-model.ts";
import type { Interrupts } from "../interrupts.ts";
import { wholeNumber } from "../numbers.ts";
import { readPrompt } from "../read-prompt.ts";
import { addMaintenance } from "./maintenance-commands.ts";
import type { PromptResult, PromptTask } from "./messages.ts";
import { storeOf } from "./store-of.ts";
import { runStoreTask } from "./run-task.ts";

const HASH = /^[0-9a-f]{64}$/u;

type Options = {
  readonly model?: string;
  readonly window?: number;
  readonly threads?: number;
  readonly store?: string;
  readonly budget?: number;
};

/** Pipes that store prompts, look them up and extend them, and what a person may do to the store. */
export function addStoreCommands(program: Command, interrupts: Interrupts): void {
  const store = addPipe(program, "store", "Keeps the prompt on standard input on disk.");
  store.action((options: Options) => pipe("store", null, options, interrupts));
  addMaintenance(store, interrupts);
  addPipe(program, "lookup", "Says how much of the prompt on standard input is stored.").action(
    (options: Options) => pipe("lookup", null, options, interrupts),
  );
  addPipe(program, "extend", "Stores a stored prompt with the text on standard input behind it.")
    .argument("<hash>", "what `store`, `lookup` or `extend` printed", hash)
    .action((before: string, options: Options) => pipe("extend", before, options, interrupts));
}

function addPipe(program: Command, name: PromptTask["kind"], description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--window <tokens>", "tokens that the context has room for", wholeNumber(1))
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--store <folder>", "the folder of the store; KVASIR_STORE names it otherwise")
    .option("--budget <megabytes>", "what the store may take on disk", wholeNumber(1));
}

async function pipe(
  kind: PromptTask["kind"],
  before: string | null,
  options: Options,
  { signal }: Interrupts,
): Promise<void> {
  const text = await readPrompt(process.stdin, signal);
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: "bench",
  });
  const task: PromptTask = {
    kind,
    place: storeOf(options),
    modelPath: path,
    windowTokens: options.window ?? null,
    threads: options.threads ?? null,
    hash: before,
    text,
  };
  console.log(JSON.stringify(await runStoreTask<PromptResult>(task, signal)));
}

function hash(value: string): string {
  const lower = value.toLowerCase();
  if (HASH.test(lower)) return lower;
  throw new InvalidArgumentError("A hash has 64 hexadecimal digits.");
}
