import type { Command } from "commander";
import { Conversation } from "../../extension/client/conversation.ts";
import { append, patchSegment } from "../../extension/context/change.ts";
import { type ContextState, emptyContext } from "../../extension/context/state.ts";
import type { Segment } from "../../protocol/segment.ts";
import { CountTokens, LoadModel } from "../../protocol/model.ts";
import { benchCommand, benchModel, type BenchOptions } from "./bench-options.ts";
import type { Interrupts } from "../interrupts.ts";
import type { SidecarProcess } from "../sidecar-process.ts";
import { withSidecar } from "../with-sidecar.ts";
import { median } from "./median.ts";
import { reportOf } from "./report.ts";
import { SampleText } from "./sample-text.ts";

const FULL = { contextTokens: 8192, editWords: [10, 100, 500], repetitions: 5 };
const QUICK = { contextTokens: 2048, editWords: [10, 100], repetitions: 3 };
const MESSAGE_WORDS = 24;
const SEED = 20_262;
const FILE = "file";

type Row = {
  readonly contextTokens: number;
  readonly editTokens: number;
  readonly messageTokens: number;
  /** The file changed and the question came at once. */
  readonly coldFirstTokenMs: number;
  /** The change had been prefilled ahead when the question came. */
  readonly warmFirstTokenMs: number;
  /** No change, only the question. */
  readonly messageOnlyMs: number;
  readonly ratioToMessageOnly: number;
  readonly warmPrefilledTokens: number;
  readonly messageOnlyPrefilledTokens: number;
};

export function addWarmBench(bench: Command, interrupts: Interrupts): void {
  benchCommand(bench, {
    name: "warm",
    description: "Time to first token after a file has changed, with and without prefill ahead.",
    quick: "a short context and few runs: a rough figure",
  }).action((options: BenchOptions) => benchWarm(options, interrupts));
}

async function benchWarm(options: BenchOptions, { signal }: Interrupts): Promise<void> {
  const size = options.quick ? QUICK : FULL;
  const config = await benchModel(options);
  const report = await withSidecar(config, async (sidecar) => {
    const facts = await sidecar.requestBare(LoadModel, signal);
    const measurement = await WarmMeasurement.prepare(sidecar, size.contextTokens, signal);
    const rows: Row[] = [];
    for (const words of size.editWords) {
      process.stderr.write(`an edit of about ${words} tokens\n`);
      rows.push(await measurement.row(words, size.repetitions));
    }
    return reportOf({ name: "warm", version: 1 }, facts, { rows, summary: {} });
  });
  console.log(options.json ? JSON.stringify(report) : report.rows.map(asLine).join("\n"));
}

type Asked = { readonly firstTokenMs: number; readonly prefilledTokens: number };

/** One conversation about one file that changes in its middle again and again. */
class WarmMeasurement {
  readonly #sidecar: SidecarProcess;
  readonly #conversation: Conversation;
  readonly #text: SampleText;
  readonly #contextTokens: number;
  readonly #signal: AbortSignal;

  private constructor(options: {
    readonly sidecar: SidecarProcess;
    readonly conversation: Conversation;
    readonly text: SampleText;
    readonly contextTokens: number;
    readonly signal: AbortSignal;
  }) {
    this.#sidecar = options.sidecar;
    this.#conversation = options.conversation;
    this.#text = options.text;
    this.#contextTokens = options.contextTokens;
    this.#signal = options.signal;
  }

  static async prepare(
    sidecar: SidecarProcess,
    contextTokens: number,
    signal: AbortSignal,
  ): Promise<WarmMeasurement> {
    const text = new SampleText(sidecar, SEED);
    const state = append(emptyContext("bench"), [
      userSegment("instructions", "You answer questions about a file."),
      userSegment(FILE, await text.take(contextTokens)),
    ]);
    const conversation = new Conversation(sidecar, state);
    const { promptTokens } = await conversation.warm(signal);
    return new WarmMeasurement({
      sidecar,
      conversation,
      text,
      contextTokens: promptTokens > 0 ? promptTokens : contextTokens,
      signal,
    });
  }

  async row(editWords: number, repetitions: number): Promise<Row> {
    const [cold, warm, alone]: [Asked[], Asked[], Asked[]] = [[], [], []];
    let editTokens = 0;
    let messageTokens = 0;
    // The first round only warms up.
    for (let round = 0; round <= repetitions; round++) {
      this.#signal.throwIfAborted();
      const question = this.#text.words(MESSAGE_WORDS);
      messageTokens = await this.#count(question);
      editTokens = await this.#count(this.#edit(editWords));
      const first = await this.#ask(question);
      this.#edit(editWords);
      await this.#conversation.warm(this.#signal);
      const second = await this.#ask(question);
      const third = await this.#ask(this.#text.words(MESSAGE_WORDS));
      if (round === 0) continue;
      cold.push(first);
      warm.push(second);
      alone.push(third);
    }
    const times = [cold, warm, alone].map((asked) => median(asked.map((one) => one.firstTokenMs)));
    const [coldFirstTokenMs, warmFirstTokenMs, messageOnlyMs] = times as [number, number, number];
    return {
      contextTokens: this.#contextTokens,
      editTokens,
      messageTokens,
      coldFirstTokenMs,
      warmFirstTokenMs,
      messageOnlyMs,
      ratioToMessageOnly: warmFirstTokenMs / messageOnlyMs,
      warmPrefilledTokens: median(warm.map((one) => one.prefilledTokens)),
      messageOnlyPrefilledTokens: median(alone.map((one) => one.prefilledTokens)),
    };
  }

  /** Puts other words in the place of the line in the middle, and answers them. */
  #edit(words: number): string {
    const line = `// ${this.#text.words(words)}`;
    this.#conversation.update((state) => {
      const middle = Math.floor(textOf(state).split("\n").length / 2);
      const old = textOf(state).split("\n")[middle] ?? "";
      const range = {
        start: { line: middle, character: 0 },
        end: { line: middle, character: old.length },
      };
      return patchSegment(state, FILE, [{ range, text: line }]);
    });
    return line;
  }

  /** Asks, waits for the first token, and takes question and answer away again. */
  async #ask(question: string): Promise<Asked> {
    const before = this.#conversation.state;
    const id = `question-${before.version}`;
    this.#conversation.update((state) => append(state, [userSegment(id, question)]));
    const { firstTokenMs, usage } = await this.#conversation.generate({
      sampling: { temperature: 0 },
      maxTokens: 1,
      signal: this.#signal,
    });
    this.#signal.throwIfAborted();
    this.#conversation.update(() => before);
    // What is resident now is the context with this question; the next one finds it as in life.
    await this.#conversation.warm(this.#signal);
    if (firstTokenMs === null)
      throw new Error("The model answered nothing, so nothing is measured.");
    return { firstTokenMs, prefilledTokens: usage.prefilledTokens };
  }

  async #count(text: string): Promise<number> {
    const { counts } = await this.#sidecar.request(CountTokens, { texts: [text] });
    return counts[0] ?? 0;
  }
}

function textOf(state: ContextState): string {
  return state.segments.find(({ id }) => id === FILE)?.text ?? "";
}

function userSegment(id: string, text: string): Segment {
  return { id, kind: "message", stability: "history", role: "user", text };
}

function asLine(row: Row): string {
  return [
    `${row.contextTokens} tokens, edit of ${row.editTokens}`.padEnd(30),
    `cold ${row.coldFirstTokenMs.toFixed(0)} ms`.padStart(14),
    `prefilled ahead ${row.warmFirstTokenMs.toFixed(1)} ms`.padStart(27),
    `message alone ${row.messageOnlyMs.toFixed(1)} ms`.padStart(25),
    `${row.ratioToMessageOnly.toFixed(2)}x`.padStart(7),
  ].join(" ");
}
