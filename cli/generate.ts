import type { Command } from "commander";
import { Conversation } from "../extension/client/conversation.ts";
import { isShortened } from "../extension/doors/shortened.ts";
import { append } from "../extension/context/change.ts";
import { type ContextState, emptyContext } from "../extension/context/state.ts";
import { LoadModel } from "../protocol/model.ts";
import type { GenerateEvent, Sampling } from "../protocol/generate.ts";
import { chooseModel } from "./choose-model.ts";
import type { Interrupts } from "./interrupts.ts";
import { numberBetween, wholeNumber } from "./numbers.ts";
import { readPrompt } from "./read-prompt.ts";
import type { SidecarProcess } from "./sidecar-process.ts";
import { withSidecar } from "./with-sidecar.ts";

const CUT_SHORT =
  "kvasir: The answer was cut where its limit or the window ended (--max-tokens, --window).";

type Options = {
  readonly model?: string;
  readonly system?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly window?: number;
  readonly reasoning?: true;
  readonly store: boolean;
  readonly json?: true;
};

export function addGenerateCommand(program: Command, interrupts: Interrupts): void {
  program
    .command("generate")
    .description("Answers the prompt on standard input.")
    .option("--model <path>", "the model file; KVASIR_MODEL names it otherwise")
    .option("--system <text>", "instructions for the model")
    .option("--max-tokens <number>", "the longest answer", wholeNumber(1))
    .option("--temperature <number>", "0 always takes the likeliest token", numberBetween(0, 5))
    .option("--seed <number>", "makes random choices repeatable", wholeNumber(0))
    .option("--window <tokens>", "tokens of prompt and answer together", wholeNumber(1))
    .option("--no-store", "neither reads prompts from disk nor keeps them there")
    .option("--reasoning", "show reasoning on standard error")
    .option("--json", "print the answer and its figures as JSON")
    .action((options: Options) => generate(options, interrupts));
}

async function generate(options: Options, { signal }: Interrupts): Promise<void> {
  const { path } = await chooseModel(options.model, { environment: process.env });
  const state = contextOf(options.system, await readPrompt(process.stdin, signal));
  const config = options.window === undefined ? { path } : { path, windowTokens: options.window };
  const answer = async (sidecar: SidecarProcess): Promise<void> => {
    const model = await sidecar.requestBare(LoadModel, signal);
    const printer = new Printer(options);
    const answer = await new Conversation(sidecar, state).generate({
      sampling: samplingOf(options),
      ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
      signal,
      onEvent: (event) => printer.show(event),
    });
    printer.end();
    if (isShortened(answer, options.maxTokens)) console.error(CUT_SHORT);
    const { segment, stop, usage, firstTokenMs } = answer;
    if (options.json) {
      const { text, reasoning = null } = segment;
      console.log(JSON.stringify({ text, reasoning, stop, usage, firstTokenMs, model }));
    }
  };
  await withSidecar(config, answer, { store: options.store ? {} : null });
}

function contextOf(system: string | undefined, prompt: string): ContextState {
  return append(emptyContext("generate"), [
    ...(system === undefined
      ? []
      : [
          {
            id: "system",
            kind: "instructions" as const,
            stability: "core" as const,
            role: "system" as const,
            text: system,
          },
        ]),
    { id: "prompt", kind: "message", stability: "recent", role: "user", text: prompt },
  ]);
}

function samplingOf({ temperature, seed }: Options): Sampling {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Shows an answer while it comes; with JSON there is nothing to show before its end. */
class Printer {
  readonly #options: Options;
  #last = "";

  constructor(options: Options) {
    this.#options = options;
  }

  show(event: GenerateEvent): void {
    const { json, reasoning } = this.#options;
    if (event.kind === "text" && !json) {
      process.stdout.write(event.text);
      this.#last = event.text;
    } else if (event.kind === "reasoning" && reasoning) process.stderr.write(event.text);
  }

  end(): void {
    if (this.#last !== "" && !this.#last.endsWith("\n")) process.stdout.write("\n");
  }
}
