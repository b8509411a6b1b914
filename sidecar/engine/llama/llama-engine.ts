import type { Llama, LlamaContext, LlamaModel, Token } from "node-llama-cpp";
import type { ModelFacts } from "../../../protocol/model.ts";
import type {
  CellFiles,
  Cells,
  ChatFormat,
  Engine,
  EngineOutcome,
  EngineRequest,
  Seat,
  StateFiles,
  Tokenizer,
} from "../engine.ts";
import { CallGrammars } from "./call-grammars.ts";
import type { Capabilities } from "./capabilities.ts";
import { LlamaCellFiles } from "./cell-files.ts";
import { LlamaCells } from "./cells.ts";
import { dialectOf } from "./chat-wrapper.ts";
import { Driver, refuseShift } from "./driver.ts";
import { acrossHoles } from "./holes.ts";
import { type DecodeClock, limitCuts } from "./internals.ts";
import { Seats } from "./seats.ts";
import { LlamaStateFiles } from "./state-files.ts";

/** States that are kept for coming back to. Taking one more forgets the oldest. */
const CHECKPOINTS_MAX = 32;

/** The one real implementation of the engine port. */
export class LlamaEngine implements Engine {
  readonly facts: ModelFacts;
  readonly chat: ChatFormat;
  readonly tokenizer: Tokenizer;
  readonly cells: Cells;
  readonly cellFiles?: CellFiles | StateFiles;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #seats: Seats;
  readonly #driver: Driver;

  constructor(options: {
    readonly llama: Llama;
    readonly model: LlamaModel;
    readonly context: LlamaContext;
    readonly facts: ModelFacts;
    readonly template: string | null;
    readonly capabilities: Capabilities;
    readonly clock: DecodeClock;
    /** Memory that kept states may take; one is kept even if it alone takes more. */
    readonly checkpointBytesMax: number;
  }) {
    const { llama, model, context, facts, template, capabilities } = options;
    if (capabilities.slidingTokens !== null) limitCuts(context, capabilities.slidingTokens);
    const sequence = context.getSequence({
      contextShift: { strategy: refuseShift },
      checkpoints: {
        max: CHECKPOINTS_MAX,
        maxMemory: options.checkpointBytesMax,
        // Prompts part at the ends of messages, where whoever fills the cells asks for a state.
        interval: false,
      },
    });
    this.#llama = llama;
    const seats = new Seats(sequence, { several: capabilities.moves });
    this.#seats = seats;
    this.#model = model;
    this.facts = facts;
    const dialect = dialectOf(model, template);
    this.chat = {
      template,
      writesTools: dialect.writesTools,
      bosText: model.tokens.bosString ?? "",
      eosText: model.tokens.eosString ?? "",
      bosToken: model.tokens.shouldPrependBosToken ? model.tokens.bos : null,
    };
    this.tokenizer = tokenizerOf(model);
    this.cells = new LlamaCells(seats, {
      batchTokens: context.batchSize,
      capabilities,
      clock: options.clock,
    });
    if (capabilities.files === "blocks") this.cellFiles = new LlamaCellFiles(seats);
    if (capabilities.files === "state") this.cellFiles = new LlamaStateFiles(seats);
    this.#driver = new Driver({
      model,
      dialect,
      grammars: new CallGrammars(llama, model),
    });
  }

  openSeat(): Seat {
    return this.#seats.open();
  }

  async generate(request: EngineRequest): Promise<EngineOutcome> {
    const prompt = acrossHoles(request.prompt, this.cells.resident());
    return await this.#driver.generate(this.#seats.current, { ...request, prompt });
  }

  async probabilitiesAfter(token: number): Promise<ReadonlyMap<number, number>> {
    const sequence = this.#seats.current;
    const resident = sequence.nextTokenIndex;
    await this.cells.checkpoint?.();
    const [decoded] = await sequence.controlledEvaluate([
      [token as Token, { generateNext: { probabilities: true } }],
    ]);
    await this.cells.trim(resident);
    return decoded?.next.probabilities ?? new Map<number, number>();
  }

  async dispose(): Promise<void> {
    await this.#model.dispose();
    await this.#llama.dispose();
  }
}

function tokenizerOf(model: LlamaModel): Tokenizer {
  return {
    // Prompts are put together from pieces, so no piece may get a leading space of its own.
    tokenize: (text, { specials }) => model.tokenize(text, specials, "trimLeadingSpace"),
    detokenize: (tokens) => model.detokenize(tokens as Token[], true),
  };
}
