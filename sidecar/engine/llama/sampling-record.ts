import type { LlamaModel, Token } from "node-llama-cpp";
import type { EngineRequest } from "../engine.ts";

/** Ids before a text that decide how it is spelled, such as whether it starts with a space. */
const CONTEXT_TOKENS = 8;
/** A character of UTF-8 has at most four bytes; more pending ids mean that it is broken. */
const CHARACTER_TOKENS_MAX = 4;

/** All ids of one generation as they go into the cache, sampled or given. */
export class SamplingRecord {
  readonly #model: LlamaModel;
  readonly #script: readonly Token[];
  readonly #onToken: (token: number) => void;
  readonly #tokens: Token[] = [];
  readonly #unshown: Token[] = [];

  constructor(model: LlamaModel, request: Pick<EngineRequest, "script" | "onToken">) {
    this.#model = model;
    this.#script = (request.script ?? []) as Token[];
    this.#onToken = request.onToken;
  }

  get length(): number {
    return this.#tokens.length;
  }

  get lastToken(): Token {
    const token = this.#tokens.at(-1);
    if (token === undefined) throw new Error("Nothing has been generated yet.");
    return token;
  }

  /** Whether the next id comes from the script, so that no grammar can steer it. */
  get scripted(): boolean {
    return this.#tokens.length < this.#script.length;
  }

  /** Takes a sampled id, or the script's instead, and answers what was taken. */
  take(sampled: Token): Token {
    const token = this.#script[this.#tokens.length] ?? sampled;
    this.#tokens.push(token);
    this.#onToken(token);
    return token;
  }

  /** Adds ids that follow from the format and are not sampled. */
  give(tokens: readonly Token[]): void {
    this.#tokens.push(...tokens);
  }

  truncate(length: number): void {
    this.#tokens.length = length;
  }

  /** The text that the newest id adds; empty while a character is still incomplete. */
  nextText(token: Token): string {
    this.#unshown.push(token);
    const before = this.#tokens.slice(
      -CONTEXT_TOKENS - this.#unshown.length,
      -this.#unshown.length,
    );
    const text = this.#model.detokenize(this.#unshown, true, before);
    if (text.endsWith("\uFFFD") && this.#unshown.length < CHARACTER_TOKENS_MAX) return "";
    this.#unshown.length = 0;
    return text;
  }

  /** Drops the ids that only spell a stop sequence: the answer ends before it. */
  dropStop(stopSequence: string): void {
    const end = this.#model.detokenize(this.#tokens, true).lastIndexOf(stopSequence);
    if (end < 0) return;
    while (this.#tokens.length > 0) {
      const shorter = this.#model.detokenize(this.#tokens.slice(0, -1), true);
      if (shorter.length < end) return;
      this.#tokens.length--;
    }
  }

  /** Everything but a closing end-of-generation id, which the template writes itself. */
  finished(): readonly number[] {
    const last = this.#tokens.at(-1);
    const closed = last !== undefined && this.#model.isEogToken(last);
    return closed ? this.#tokens.slice(0, -1) : this.#tokens;
  }
}
