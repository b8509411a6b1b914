import type { Command } from "commander";
import { Conversation } from "../extension/client/conversation.ts";
import { Meter, type MeterReading } from "../protocol/meter.ts";
import { LoadModel } from "../protocol/model.ts";
import { chooseModel } from "./choose-model.ts";
import { type DemoFile, readDemoFiles } from "./demo/files.ts";
import { hitRateOf, summarise, type TurnRecord } from "./demo/record.ts";
import { openingOf, turnOf } from "./demo/script.ts";
import { reasonLine, summaryLine, tableHead, tableRow } from "./demo/table.ts";
import type { Interrupts } from "./interrupts.ts";
import { wholeNumber } from "./numbers.ts";
import type { SidecarProcess } from "./sidecar-process.ts";
import { withSidecar } from "./with-sidecar.ts";

const TURNS_DEFAULT = 5;
const ANSWER_TOKENS_MAX = 40;

type Options = {
  readonly model?: string;
  readonly turns: number;
  readonly files?: readonly string[];
  readonly json?: true;
};

export function addDemoCommand(program: Command, interrupts: Interrupts): void {
  program
    .command("demo")
    .description("Talks about files, edits one of them, and shows what each turn prefilled.")
    .option("--model <path>", "the model file; by default a small one with random weights")
    .option("--turns <number>", "how many turns", wholeNumber(1), TURNS_DEFAULT)
    .option("--files <paths...>", "the files to talk about; the last one gets edited")
    .option("--json", "print the figures as JSON")
    .action((options: Options) => demo(options, interrupts));
}

async function demo(options: Options, { signal }: Interrupts): Promise<void> {
  const files = readDemoFiles(options.files);
  const { path, generated } = await chooseModel(options.model, {
    environment: process.env,
    fallback: "bench",
  });
  const tell = (line: string): void => {
    if (!options.json) console.log(line);
  };
  await withSidecar({ path }, async (sidecar) => {
    const model = await sidecar.requestBare(LoadModel, signal);
    tell(`${model.name}; files: ${files.map(({ name }) => name).join(", ")}`);
    if (generated)
      tell("The model has random weights: what it says means nothing and is not shown.");
    tell(tableHead());
    const records: TurnRecord[] = [];
    for await (const { record, text } of converse(sidecar, files, options.turns, signal)) {
      records.push(record);
      tell(tableRow(record));
      const reason = reasonLine(record);
      if (reason !== null) tell(reason);
      if (!generated) tell(`      ${text.trim().replaceAll(/\s+/gu, " ")}`);
    }
    tell(summaryLine(records));
    if (!options.json) return;
    console.log(JSON.stringify({ model, turns: records, summary: summarise(records) }));
  });
}

async function* converse(
  sidecar: SidecarProcess,
  files: readonly DemoFile[],
  turns: number,
  signal: AbortSignal,
): AsyncGenerator<{ record: TurnRecord; text: string }> {
  let reading: MeterReading | null = null;
  const meter = sidecar.onNotification(Meter, (latest) => {
    reading = latest;
  });
  const latestReading = (): MeterReading | null => reading;
  const conversation = new Conversation(sidecar, openingOf(files));
  try {
    for (let turn = 1; turn <= turns; turn++) {
      const { action, change } = turnOf(turn, files);
      conversation.update(change);
      const { segment, stop, usage, firstTokenMs } = await conversation.generate({
        sampling: { temperature: 0 },
        maxTokens: ANSWER_TOKENS_MAX,
        signal,
      });
      if (signal.aborted) return;
      const divergence = latestReading()?.divergence ?? null;
      const hitRate = hitRateOf(usage);
      const record = { turn, action, usage, hitRate, firstTokenMs, stop, divergence };
      yield { record, text: segment.text };
    }
  } finally {
    meter.dispose();
  }
}
