import {
  type ChatHistoryItem,
  LlamaChat,
  type LlamaContextSequence,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from "node-llama-cpp";
import type { StopReason } from "../../../protocol/generate.ts";
import { Refusal } from "../../refusal.ts";
import type { EngineOutcome, EngineRequest } from "../engine.ts";
import type { CallGrammars } from "./call-grammars.ts";
import { type Dialect, pinnedTo, templateText } from "./chat-wrapper.ts";
import { tapSampling } from "./internals.ts";
import { SamplingRecord } from "./sampling-record.ts";
import { ToolCalls } from "./tool-calls.ts";

/** The library is never shown our history: its context is pinned to our ids. */
const NO_HISTORY: ChatHistoryItem[] = [
  { type: "user", text: "" },
  { type: "model", response: [] },
];

/**
 * Generates on a sequence that holds the prompt. `LlamaChat` drives text, reasoning and stop
 * rules over our ids; where the model opens a tool call, `ToolCalls` takes over.
 */
export class Driver {
  readonly #model: LlamaModel;
  readonly #dialect: Dialect;
  readonly #grammars: CallGrammars;

  constructor(options: {
    readonly model: LlamaModel;
    readonly dialect: Dialect;
    readonly grammars: CallGrammars;
  }) {
    this.#model = options.model;
    this.#dialect = options.dialect;
    this.#grammars = options.grammars;
  }

  async generate(sequence: LlamaContextSequence, request: EngineRequest): Promise<EngineOutcome> {
    const record = new SamplingRecord(this.#model, request);
    const untap = tapSampling(sequence, (sampled) => record.take(sampled));
    try {
      const stop = await this.#run({ sequence, request, record });
      return { tokens: record.finished(), stop };
    } finally {
      untap();
    }
  }

  async #run(generation: Generation): Promise<StopReason> {
    const { request, record } = generation;
    const { tools, toolChoice } = request;
    if (toolChoice === "required" && tools.length > 0) {
      const { marker, beforeName } = this.#dialect.call;
      const opening = this.#model.tokenize(marker + beforeName, true, "trimLeadingSpace");
      // It is decoded as a whole, and no more cells are set aside than the answer may have.
      if (opening.length >= request.maxTokens) return "maxTokens";
      record.give(opening);
      const lastOfPrompt = request.prompt.at(-1) as Token;
      return await this.#readCalls(generation, [lastOfPrompt, ...opening], beforeName);
    }
    const answered = await this.#chat(generation);
    if (answered.kind === "stopped") return answered.reason;
    return await this.#readCalls(generation, [record.lastToken], answered.opened);
  }

  async #readCalls(
    { sequence, request, record }: Generation,
    undecoded: readonly Token[],
    opened: string,
  ): Promise<StopReason> {
    const calls = new ToolCalls({
      model: this.#model,
      syntax: this.#dialect.call,
      grammars: this.#grammars,
      request,
      record,
    });
    return await calls.read(sequence, undecoded, opened, samplingOf(request));
  }

  /** Text and reasoning, until the answer ends or a call opens. */
  async #chat({ sequence, request, record }: Generation): Promise<Answered> {
    const { signal, stopSequences, onPart } = request;
    const chat = new LlamaChat({
      contextSequence: sequence,
      chatWrapper: pinnedTo(this.#dialect.wrapper, request.prompt),
    });
    const callable = request.tools.length > 0 && request.toolChoice !== "none";
    const { marker } = this.#dialect.call;
    try {
      const { metadata } = await chat.generateResponse(NO_HISTORY, {
        ...samplingOf(request),
        signal,
        stopOnAbortSignal: true,
        maxTokens: request.maxTokens,
        trimWhitespaceSuffix: false,
        repeatPenalty: false,
        contextShift: { strategy: refuseShift },
        customStopTriggers: [...stopSequences, ...(callable ? [templateText(marker)] : [])],
        onResponseChunk: ({ segmentType, text }) => {
          if (text !== "") onPart({ kind: segmentType === undefined ? "text" : "reasoning", text });
        },
      });
      if (metadata.stopReason === "abort") return stopped("cancelled");
      if (metadata.stopReason === "maxTokens") return stopped("maxTokens");
      if (metadata.stopReason !== "customStopTrigger") return stopped("end");
      const trigger = this.#textOf(metadata.customStopTrigger);
      if (callable && trigger === marker) {
        return { kind: "callOpened", opened: this.#textOf(metadata.remainingGenerationAfterStop) };
      }
      record.dropStop(trigger);
      return stopped("stopSequence");
    } catch (error) {
      // The library answers an abort before the first text by throwing the signal's reason.
      if (signal.aborted) return stopped("cancelled");
      throw error;
    } finally {
      chat.dispose({ disposeSequence: false });
    }
  }

  #textOf(parts: string | readonly (string | Token)[] | undefined): string {
    if (parts === undefined || typeof parts === "string") return parts ?? "";
    return parts
      .map((part) => (typeof part === "string" ? part : this.#model.detokenize([part], true)))
      .join("");
  }
}

/** One answer in the making. */
type Generation = {
  readonly sequence: LlamaContextSequence;
  readonly request: EngineRequest;
  readonly record: SamplingRecord;
};

type Answered =
  | { readonly kind: "stopped"; readonly reason: StopReason }
  | { readonly kind: "callOpened"; readonly opened: string };

function stopped(reason: StopReason): Answered {
  return { kind: "stopped", reason };
}

function samplingOf({ sampling }: EngineRequest): SequenceEvaluateOptions {
  const { temperature, topP, topK, minP, seed } = sampling;
  return {
    temperature: temperature ?? 0,
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(minP === undefined ? {} : { minP }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/**
 * Both of the library's ways to make room would cut the prompt silently. Lengths are checked
 * before, so coming here is a bug; it ends in an error and never in a shorter prompt.
 */
export function refuseShift(): never {
  throw new Refusal(
    "promptTooLong",
    "The window is full: the answer does not fit behind the prompt.",
  );
}
