import type { Command } from "commander";
import type { StoreRemoval, StoreStats, StoreVerification } from "../../protocol/store.ts";
import { EXIT_FAILED } from "../failures.ts";
import { gigabytes } from "../figures.ts";
import type { Interrupts } from "../interrupts.ts";
import type { StoreTask } from "./messages.ts";
import { storeOf } from "./store-of.ts";
import { runStoreTask } from "./run-task.ts";

type Options = { readonly store?: string; readonly budget?: number; readonly json?: true };
type Kind = Exclude<StoreTask["kind"], "store" | "lookup" | "extend">;

/** What a person may ask of a store, or do to it. */
export function addMaintenance(store: Command, interrupts: Interrupts): void {
  const add = <Result>(
    kind: Kind,
    description: string,
    lines: (result: Result) => string[],
  ): void => {
    store
      .command(kind)
      .description(description)
      .option("--json", "print the figures as JSON")
      .action(async (_own: Options, command: Command) => {
        // `--store` and `--budget` belong to the command above as well, which takes them.
        const options = command.optsWithGlobals<Options>();
        const task: StoreTask = { kind, place: storeOf(options) };
        const result = await runStoreTask<Result>(task, interrupts.signal);
        console.log(options.json ? JSON.stringify(result) : lines(result).join("\n"));
        if (isUnclean(result)) process.exitCode = EXIT_FAILED;
      });
  };
  add("stats", "Shows what is stored.", statsLines);
  add("verify", "Reads every block through and removes the damaged ones.", verifyLines);
  add("prune", "Removes what can never be used again.", removalLines);
  add("clear", "Removes everything.", removalLines);
}

function isUnclean(result: unknown): boolean {
  return (result as Partial<StoreVerification>).clean === false;
}

function statsLines(stats: StoreStats): string[] {
  const { folder, blocks, tokens, bytes, budgetBytes, models } = stats;
  return [
    `${folder}: ${blocks} blocks, ${tokens} tokens, ${gigabytes(bytes)} of ${gigabytes(budgetBytes)}`,
    ...models.map(
      (model) =>
        `${model.path} (${model.cacheType}): ${model.blocks} blocks, ${gigabytes(model.bytes)}`,
    ),
  ];
}

function verifyLines({ blocks, bytes, damaged }: StoreVerification): string[] {
  return [
    `${blocks} blocks, ${gigabytes(bytes)}, are as they were stored; ${damaged.length} were not and are removed.`,
    ...damaged.map(({ hash, damage }) => `${hash}: ${damage}`),
  ];
}

function removalLines({ blocks, bytes }: StoreRemoval): string[] {
  return [`${blocks} blocks, ${gigabytes(bytes)}, are removed.`];
}
