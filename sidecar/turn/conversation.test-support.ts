import type { GenerateEvent } from "../../protocol/generate.ts";
import type { MeterReading } from "../../protocol/meter.ts";
import type { Segment, Tool } from "../../protocol/segment.ts";
import { SimulatedEngine, type SimulatedOptions } from "../engine/simulated/simulated-engine.ts";
import type { Said } from "../history/generations.ts";
import { answer, user } from "../history/segments.test-support.ts";
import type { Window } from "../history/window.ts";
import { type GenerateRequest, type TurnResult, Turns, type WarmRequest } from "./turns.ts";

// The simulated model has a token for each character and one for each control token, so:
/** <|im_start|>user NEWLINE … <|im_end|> NEWLINE */
export const USER_TOKENS = 6 + 2;
/** <|im_start|>assistant NEWLINE */
export const OPENING_TOKENS = 11;
/** <|im_end|> NEWLINE, behind a past answer */
export const CLOSING_TOKENS = 2;

/** The prompt of a conversation that only says "Hello". */
export const HELLO_TOKENS = USER_TOKENS + "Hello".length + OPENING_TOKENS;

/** A conversation with a simulated model, its own or that of another conversation. */
export class Conversation {
  readonly engine: SimulatedEngine;
  readonly turns: Turns;
  readonly contextId: string;
  readonly events: GenerateEvent[] = [];
  segments: Segment[] = [];
  tools: Tool[] = [];
  #ids = 0;

  constructor(options: SimulatedOptions | { beside: Conversation; contextId: string } = {}) {
    const beside = "beside" in options ? options.beside : null;
    this.contextId = "beside" in options ? options.contextId : "chat";
    this.engine = beside?.engine ?? new SimulatedEngine("beside" in options ? {} : options);
    this.turns = beside?.turns ?? new Turns(this.engine);
  }

  get window(): Window {
    return { version: 1, segments: this.segments, tools: this.tools };
  }

  say(text: string): void {
    this.segments.push(user(this.#nextId(), text));
  }

  /** Generates without keeping the answer. */
  async generate(request: Partial<GenerateRequest> = {}): Promise<TurnResult> {
    return await this.turns.generate({
      contextId: this.contextId,
      window: this.window,
      signal: new AbortController().signal,
      sampling: {},
      receivedMs: performance.now(),
      ...request,
      onEvent: (event) => {
        this.events.push(event);
        request.onEvent?.(event);
      },
    });
  }

  /** Generates and makes the answer a part of the conversation. */
  async answer(request: Partial<GenerateRequest> = {}): Promise<TurnResult> {
    const result = await this.generate(request);
    this.keep(result.said);
    return result;
  }

  /** Makes what was said a part of the conversation. */
  keep({ text, ...more }: Said): void {
    this.segments.push(answer(this.#nextId(), text, more));
  }

  async ask(text: string, request: Partial<GenerateRequest> = {}): Promise<TurnResult> {
    this.say(text);
    return await this.answer(request);
  }

  async warm(request: Partial<WarmRequest> = {}): Promise<MeterReading> {
    const { signal } = new AbortController();
    return await this.turns.warm({
      contextId: this.contextId,
      window: this.window,
      signal,
      ...request,
    });
  }

  #nextId(): string {
    this.#ids++;
    return `segment ${this.#ids}`;
  }
}
