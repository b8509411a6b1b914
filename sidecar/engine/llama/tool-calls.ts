import { randomUUID } from "node:crypto";
import type {
  LlamaContextSequence,
  LlamaGrammarEvaluationState,
  LlamaModel,
  SequenceEvaluateOptions,
  Token,
} from "node-llama-cpp";
import type { StopReason } from "../../../protocol/generate.ts";
import type { Tool } from "../../../protocol/segment.ts";
import type { EngineRequest } from "../engine.ts";
import type { CallGrammars } from "./call-grammars.ts";
import type { CallSyntax } from "../call-syntax.ts";
import { JsonEnd } from "./json-end.ts";
import type { SamplingRecord } from "./sampling-record.ts";

/** White space tokens that may stand between two calls of one answer. */
const BETWEEN_TOKENS_MAX = 8;

type Stage =
  | { readonly kind: "name" }
  | { readonly kind: "parameters"; readonly tool: Tool; readonly json: JsonEnd }
  | { readonly kind: "between"; readonly startToken: number }
  /** What began like a call and is none; it is read to its end and shown as text. */
  | { readonly kind: "malformed" };

type Step =
  | { readonly kind: "more" }
  | { readonly kind: "give"; readonly tokens: readonly Token[] }
  | { readonly kind: "stop" };

const MORE: Step = { kind: "more" };
const STOP: Step = { kind: "stop" };

/**
 * Reads tool calls straight from the sequence, from the mark that opens the first one on. The
 * library's own function calling would tokenise the opened call again and evaluate the prompt a
 * second time; here every id is sampled once, under a grammar, and stays.
 */
export class ToolCalls {
  readonly #model: LlamaModel;
  readonly #syntax: CallSyntax;
  readonly #grammars: CallGrammars;
  readonly #request: EngineRequest;
  readonly #record: SamplingRecord;
  #stage: Stage = { kind: "name" };
  /** Everything read of the present call. */
  #raw = "";
  /** What the present stage has read. */
  #text = "";
  #grammar: LlamaGrammarEvaluationState | undefined;
  #calls = 0;

  constructor(options: {
    readonly model: LlamaModel;
    readonly syntax: CallSyntax;
    readonly grammars: CallGrammars;
    readonly request: EngineRequest;
    readonly record: SamplingRecord;
  }) {
    this.#model = options.model;
    this.#syntax = options.syntax;
    this.#grammars = options.grammars;
    this.#request = options.request;
    this.#record = options.record;
  }

  /**
   * @param undecoded ids that are not in the cache yet, at least one.
   * @param opened what has been read behind the mark already.
   */
  async read(
    sequence: LlamaContextSequence,
    undecoded: readonly Token[],
    opened: string,
    sampling: SequenceEvaluateOptions,
  ): Promise<StopReason> {
    await this.#openCall(opened);
    const tokens = sequence.evaluate([...undecoded], {
      ...sampling,
      yieldEogToken: true,
      grammarEvaluationState: () => this.#grammar,
    });
    try {
      let given: Token[] | undefined;
      for (;;) {
        const { value, done } = await tokens.next(given);
        if (done === true) return this.#finish("end");
        if (this.#request.signal.aborted) return this.#finish("cancelled");
        const step = await this.#take(value);
        if (step.kind === "stop") return this.#finish("end");
        if (this.#record.length >= this.#request.maxTokens) return this.#finish("maxTokens");
        given = step.kind === "give" ? [value, ...step.tokens] : undefined;
      }
    } finally {
      await tokens.return(undefined);
    }
  }

  async #take(token: Token): Promise<Step> {
    if (this.#model.isEogToken(token)) return STOP;
    const text = this.#record.nextText(token);
    this.#text += text;
    this.#raw += text;
    const stage = this.#stage;
    switch (stage.kind) {
      case "name":
        return await this.#readName();
      case "parameters":
        stage.json.feed(text);
        return stage.json.end === null ? MORE : this.#readParameters(stage.tool, stage.json.end);
      case "between":
        return await this.#readBetween(stage.startToken);
      case "malformed":
        return MORE;
    }
  }

  async #openCall(opened: string): Promise<void> {
    this.#stage = { kind: "name" };
    this.#text = opened;
    this.#raw = this.#syntax.marker + opened;
    this.#grammar = undefined;
    const { beforeName } = this.#syntax;
    if (this.#record.scripted || !beforeName.startsWith(opened)) return;
    const rest = beforeName.slice(opened.length);
    this.#grammar = await this.#grammars.forName(rest, this.#request.tools, this.#syntax);
  }

  async #readName(): Promise<Step> {
    const { beforeName, beforeParameters } = this.#syntax;
    const openings = this.#request.tools.map((tool) => ({
      tool,
      text: beforeName + tool.name + beforeParameters,
    }));
    const found = openings.find(({ text }) => this.#text.startsWith(text));
    if (found === undefined) {
      const possible = openings.some(({ text }) => text.startsWith(this.#text));
      return possible ? MORE : this.#readMalformed();
    }
    const json = new JsonEnd();
    this.#text = this.#text.slice(found.text.length);
    json.feed(this.#text);
    this.#stage = { kind: "parameters", tool: found.tool, json };
    const free = this.#record.scripted || this.#text !== "";
    this.#grammar = free ? undefined : await this.#grammars.forParameters(found.tool);
    return json.end === null ? MORE : this.#readParameters(found.tool, json.end);
  }

  #readParameters(tool: Tool, end: number): Step {
    let parsed: Record<string, unknown>;
    try {
      parsed = JSON.parse(this.#text.slice(0, end)) as Record<string, unknown>;
    } catch {
      return this.#readMalformed();
    }
    const call = { id: `call-${randomUUID()}`, name: tool.name, arguments: parsed };
    this.#request.onPart({ kind: "toolCall", call });
    this.#calls++;
    // The text behind the parameters is always the same, so it is given, not sampled.
    const read = this.#text.slice(end);
    const { suffix } = this.#syntax;
    const rest = suffix.startsWith(read) ? suffix.slice(read.length) : suffix;
    const tokens = this.#model.tokenize(rest, true, "trimLeadingSpace");
    this.#record.give(tokens);
    this.#text = "";
    this.#grammar = undefined;
    this.#stage = { kind: "between", startToken: this.#record.length };
    return { kind: "give", tokens };
  }

  async #readBetween(startToken: number): Promise<Step> {
    const { marker } = this.#syntax;
    const text = this.#text.trimStart();
    if (text.startsWith(marker)) {
      await this.#openCall(text.slice(marker.length));
      return MORE;
    }
    const possible = marker.startsWith(text);
    if (possible && this.#record.length - startToken <= BETWEEN_TOKENS_MAX) return MORE;
    // Whatever follows the calls of an answer is not part of it.
    this.#record.truncate(startToken);
    return STOP;
  }

  #readMalformed(): Step {
    this.#stage = { kind: "malformed" };
    this.#grammar = undefined;
    return MORE;
  }

  /** A call that was begun and not finished is shown as text, so that nothing said is lost. */
  #finish(reason: "end" | "cancelled" | "maxTokens"): StopReason {
    if (this.#stage.kind !== "between") {
      this.#request.onPart({ kind: "text", text: this.#raw });
    }
    return reason === "end" && this.#calls > 0 ? "toolCalls" : reason;
  }
}
