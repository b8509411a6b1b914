import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { ModelFacts } from "../../../protocol/model.ts";
import type {
  CellFiles,
  Cells,
  ChatFormat,
  Engine,
  EngineOutcome,
  EngineRequest,
  Tokenizer,
} from "../engine.ts";
import { CallGrammars } from "./call-grammars.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { LlamaCellFiles } from "./cell-files.ts";
import { LlamaCells } from "./cells.ts";
import { dialectOf } from "./chat-wrapper.ts";
import { Driver, refuseShift } from "./driver.ts";

/** The one real implementation of the engine port. */
export class LlamaEngine implements Engine {
  readonly facts: ModelFacts;
  readonly chat: ChatFormat;
  readonly tokenizer: Tokenizer;
  readonly cells: Cells;
  readonly cellFiles?: CellFiles;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;
  readonly #driver: Driver;

  constructor(options: {
    readonly llama: Llama;
    readonly model: LlamaModel;
    readonly context: LlamaContext;
    readonly facts: ModelFacts;
    readonly template: string | null;
  }) {
    const { llama, model, context, facts, template } = options;
    const sequence = context.getSequence({ contextShift: { strategy: refuseShift } });
    this.#llama = llama;
    this.#sequence = sequence;
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
    this.cells = new LlamaCells(sequence, {
      batchTokens: context.batchSize,
      capabilities: capabilitiesOf(model),
    });
    if (this.cells.moves !== null) this.cellFiles = new LlamaCellFiles(sequence);
    this.#driver = new Driver({
      model,
      sequence,
      dialect,
      grammars: new CallGrammars(llama, model),
    });
  }

  async generate(request: EngineRequest): Promise<EngineOutcome> {
    return await this.#driver.generate(request);
  }

  async probabilitiesAfter(token: number): Promise<ReadonlyMap<number, number>> {
    const resident = this.#sequence.nextTokenIndex;
    const [decoded] = await this.#sequence.controlledEvaluate([
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
