import type { StopReason } from "../../../protocol/generate.ts";
import type { ModelFacts } from "../../../protocol/model.ts";
import type {
  ChatFormat,
  Engine,
  EngineOutcome,
  EngineRequest,
  Seat,
  Tokenizer,
} from "../engine.ts";
import { type Sample, samplesOf, type SimulatedAnswer } from "./simulated-answer.ts";
import { type BeforeDecode, SimulatedCells } from "./simulated-cells.ts";
import { HOLE } from "./simulated-moves.ts";
import { StopWatch } from "./stop-watch.ts";
import { controlId, END_OF_GENERATION, vocabulary } from "./vocabulary.ts";

export type SimulatedOptions = {
  /** Given one after the other; the last one again and again. */
  readonly answers?: readonly SimulatedAnswer[];
  /** The chat template; `null` is a model without one. */
  readonly template?: string | null;
  /** Whether that template writes tools. */
  readonly writesTools?: boolean;
  /** Whether prompts must begin with `<s>`. */
  readonly bos?: boolean;
  readonly path?: string;
  readonly fingerprint?: string;
  readonly windowTokens?: number;
  readonly cellsTokens?: number;
  readonly batchTokens?: number;
  /** Without this, cutting the state empties it, as on recurrent models. */
  readonly canCut?: boolean;
  /** How many states are kept where the state cannot be cut, to come back to; 0 by default. */
  readonly checkpointsMax?: number;
  /** Without this, cells keep their positions, as with some kinds of rotary embedding. */
  readonly canShift?: boolean;
  readonly beforeDecode?: BeforeDecode;
};

const WINDOW_TOKENS = 8192;
const SPARE_CELLS = 256;
const BATCH_TOKENS = 512;
const ANSWERS: readonly SimulatedAnswer[] = ["Yes."];

/** ChatML with tools. */
export const SIMULATED_TEMPLATE = String.raw`
{%- if tools -%}
  {{- "<|im_start|>system\nTools: " ~ (tools | tojson) ~ "<|im_end|>\n" -}}
{%- endif -%}
{%- for message in messages -%}
  {{- "<|im_start|>" ~ message.role ~ "\n" ~ message.content -}}
  {%- for call in message.tool_calls or [] -%}
    {{- "<tool_call>" ~ (call.function | tojson) ~ "</tool_call>" -}}
  {%- endfor -%}
  {{- "<|im_end|>\n" -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- "<|im_start|>assistant\n" -}}{%- endif -%}`;

/** A model that says what it is told to. It keeps to the port, and throws when its user does not. */
export class SimulatedEngine implements Engine {
  readonly facts: ModelFacts;
  readonly chat: ChatFormat;
  readonly tokenizer: Tokenizer = vocabulary;
  readonly cells: SimulatedCells;
  readonly #answers: readonly SimulatedAnswer[];
  #answersGiven = 0;
  readonly #generating = new Set<number>();
  #disposed = false;

  constructor(options: SimulatedOptions = {}) {
    this.facts = factsOf(options);
    this.chat = {
      template: options.template === undefined ? SIMULATED_TEMPLATE : options.template,
      writesTools: options.writesTools ?? true,
      bosText: "<s>",
      eosText: "<|im_end|>",
      bosToken: options.bos === true ? controlId("<s>") : null,
    };
    this.#answers = options.answers ?? ANSWERS;
    this.cells = new SimulatedCells({
      batchTokens: options.batchTokens ?? BATCH_TOKENS,
      cellsTokens: this.facts.cellsTokens,
      canCut: options.canCut ?? true,
      canShift: options.canShift ?? true,
      checkpointsMax: options.checkpointsMax ?? 0,
      beforeDecode: () => {
        if (this.#disposed) throw new Error("The engine is used after it was disposed of.");
        return options.beforeDecode?.();
      },
    });
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Certain of one token, which follows from all that is resident. */
  async probabilitiesAfter(token: number): Promise<ReadonlyMap<number, number>> {
    const state = [...this.cells.resident(), token];
    const next = state.reduce((hash, id) => (Math.imul(hash, 31) + id) & 0xffff, 7);
    return await Promise.resolve(new Map([[next, 1]]));
  }

  async generate(request: EngineRequest): Promise<EngineOutcome> {
    const { seat } = this.cells;
    if (this.#generating.has(seat)) throw new Error("A seat of the engine has two users at once.");
    this.#requireResident(request.prompt);
    this.#generating.add(seat);
    try {
      return await this.#run(request, samplesOf(this.#nextAnswer(), request.script ?? []));
    } finally {
      this.#generating.delete(seat);
    }
  }

  openSeat(): Seat {
    return this.cells.openSeat();
  }

  async dispose(): Promise<void> {
    if (this.#generating.size > 0) throw new Error("The engine is disposed of while it generates.");
    this.#disposed = true;
  }

  async #run(request: EngineRequest, samples: readonly Sample[]): Promise<EngineOutcome> {
    const { prompt, maxTokens, signal, onToken, onPart } = request;
    const watch = new StopWatch(request.stopSequences);
    const tokens: number[] = [];
    let calls = 0;
    const finished = (stop: StopReason): EngineOutcome => {
      const text = watch.rest();
      if (text !== "") onPart({ kind: "text", text });
      return { tokens, stop };
    };
    let undecoded = prompt.at(-1)!;
    for (const { token, part } of samples) {
      if (signal.aborted) return finished("cancelled");
      await this.cells.decode([undecoded]);
      onToken(token);
      if (token === END_OF_GENERATION) break;
      tokens.push(token);
      if (part?.kind === "text") {
        const { shown, stop } = watch.add(part.text);
        if (shown !== "") onPart({ kind: "text", text: shown });
        if (stop !== null) return { tokens: withoutStop(tokens, stop), stop: "stopSequence" };
      } else if (part !== undefined) onPart(part);
      if (part?.kind === "toolCall") calls++;
      if (tokens.length >= maxTokens) return finished("maxTokens");
      // Like the real one, the last id is sampled and not in the cells.
      undecoded = token;
    }
    return finished(calls > 0 ? "toolCalls" : "end");
  }

  #nextAnswer(): SimulatedAnswer {
    const answer = this.#answers[Math.min(this.#answersGiven, this.#answers.length - 1)];
    this.#answersGiven++;
    return answer ?? "";
  }

  #requireResident(prompt: readonly number[]): void {
    const resident = this.cells.resident().filter((id) => id !== HOLE);
    const expected = prompt.slice(0, -1);
    const same = expected.every((token, index) => token === resident[index]);
    if (prompt.length > 0 && same && expected.length === resident.length) return;
    throw new Error("The prompt is not resident up to its last token.");
  }
}

/** Drops the ids that only spell the stop sequence: the answer ends before it. */
function withoutStop(tokens: readonly number[], stop: string): readonly number[] {
  const end = vocabulary.detokenize(tokens).lastIndexOf(stop);
  let length = tokens.length;
  while (length > 0 && vocabulary.detokenize(tokens.slice(0, length - 1)).length >= end) length--;
  return tokens.slice(0, length);
}

function factsOf(options: SimulatedOptions): ModelFacts {
  const path = options.path ?? "simulated.gguf";
  const windowTokens = options.windowTokens ?? WINDOW_TOKENS;
  return {
    path,
    windowTokens,
    name: "Simulated",
    fingerprint: options.fingerprint ?? `fingerprint of ${path}`,
    architecture: "simulated",
    parameters: 0,
    bytes: 0,
    trainedTokens: windowTokens,
    cellsTokens: options.cellsTokens ?? windowTokens + SPARE_CELLS,
    cacheType: "f16",
    cellReuse: { kind: "everything", reason: null },
    gpu: null,
    gpuLayers: 0,
    threads: 1,
  };
}
