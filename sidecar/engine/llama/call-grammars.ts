import {
  type Llama,
  LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
} from "node-llama-cpp";
import type { Tool } from "../../../protocol/segment.ts";
import type { CallSyntax } from "../call-syntax.ts";

/** Grammars kept for reuse; more tools than this are simply compiled again. */
const GRAMMARS_MAX = 256;

/** Grammars that keep a tool call valid: first which tool, then its parameters. */
export class CallGrammars {
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #compiled = new Map<string, LlamaGrammar>();

  constructor(llama: Llama, model: LlamaModel) {
    this.#llama = llama;
    this.#model = model;
  }

  /** Allows `rest` (what is left before the name), one tool's name and the text behind it. */
  async forName(
    rest: string,
    tools: readonly Tool[],
    syntax: CallSyntax,
  ): Promise<LlamaGrammarEvaluationState> {
    const names = tools.map(({ name }) => quote(name)).join(" | ");
    const text = `root ::= ${quote(rest)} (${names}) ${quote(syntax.beforeParameters)}`;
    return await this.#state(text, () => this.#llama.createGrammar({ grammar: text }));
  }

  /** Allows a JSON object that fits the tool's schema; any object when the schema is too rich. */
  async forParameters(tool: Tool): Promise<LlamaGrammarEvaluationState> {
    const schema = tool.parameters ?? { type: "object", properties: {} };
    return await this.#state(JSON.stringify(schema), async () => {
      try {
        return await this.#llama.createGrammarForJsonSchema(schema as { type: "object" });
      } catch {
        return await LlamaGrammar.getFor(this.#llama, "json");
      }
    });
  }

  async #state(
    key: string,
    compile: () => Promise<LlamaGrammar>,
  ): Promise<LlamaGrammarEvaluationState> {
    let grammar = this.#compiled.get(key);
    if (grammar === undefined) {
      grammar = await compile();
      if (this.#compiled.size >= GRAMMARS_MAX) this.#compiled.clear();
      this.#compiled.set(key, grammar);
    }
    return new LlamaGrammarEvaluationState({ model: this.#model, grammar });
  }
}

/** A GBNF string literal. */
function quote(text: string): string {
  if (text === "") return '""';
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
