import type { GenerateEvent, GenerateParams, StopReason } from "../../protocol/generate.ts";
import type { MeterReading } from "../../protocol/meter.ts";
import { reusedTokens, type Usage } from "../../protocol/usage.ts";
import type { Engine, EngineOutcome } from "../engine/engine.ts";
import type { Said } from "../history/generations.ts";
import type { Window } from "../history/window.ts";
import { Answer } from "./answer.ts";
import { PrefillSpeed } from "./chunk.ts";
import { makeResident, type Residency } from "./make-resident.ts";
import { Prompter, roomForAnswer, type WantedPrompt } from "./prompt.ts";

export type WarmRequest = {
  readonly contextId: string;
  readonly window: Window;
  readonly signal: AbortSignal;
};

export type GenerateRequest = WarmRequest &
  Pick<GenerateParams, "sampling" | "maxTokens" | "stopSequences" | "toolChoice"> & {
    /** When the request came, on the clock of `performance.now()`. */
    readonly receivedMs: number;
    readonly onEvent: (event: GenerateEvent) => void;
    readonly script?: readonly number[];
  };

export type TurnResult = {
  readonly said: Said;
  readonly stop: StopReason;
  readonly reading: MeterReading;
};

/** Runs turns on one loaded model. The lane gives each turn the engine for itself. */
export class Turns {
  readonly #engine: Engine;
  readonly #prompter: Prompter;
  readonly #speed = new PrefillSpeed();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#prompter = new Prompter(engine);
  }

  countTokens(text: string): number {
    return this.#prompter.countTokens(text);
  }

  /** Makes a window resident without answering. */
  async warm({ contextId, window, signal }: WarmRequest): Promise<MeterReading> {
    const wanted = this.#prompter.wantedFor(window);
    roomForAnswer(wanted.tokens.length, this.#engine.facts.windowTokens, undefined);
    const residency = await makeResident(this.#engine.cells, wanted.tokens, {
      leave: 0,
      speed: this.#speed,
      signal,
      onProgress: () => undefined,
    });
    const usage = usageOf(wanted, residency, residency.computedTokens, 0);
    const timing = { firstTokenMs: null, decodeMs: 0, prefillMs: residency.prefillMs };
    return {
      contextId,
      task: "warm",
      usage,
      ...timing,
      ...this.#consequences(usage, residency, wanted, window),
    };
  }

  async generate(request: GenerateRequest): Promise<TurnResult> {
    const { contextId, window, signal, onEvent, receivedMs } = request;
    const wanted = this.#prompter.wantedFor(window);
    const totalTokens = wanted.tokens.length;
    const { windowTokens, fingerprint } = this.#engine.facts;
    const maxTokens = roomForAnswer(totalTokens, windowTokens, request.maxTokens);
    const residency = await makeResident(this.#engine.cells, wanted.tokens, {
      leave: 1,
      speed: this.#speed,
      signal,
      onProgress: (processedTokens, reused) =>
        onEvent({ kind: "prefill", reusedTokens: reused, processedTokens, totalTokens }),
    });
    const answer = new Answer(onEvent);
    const decodeStartMs = performance.now();
    let firstTokenMs: number | null = null;
    const outcome: EngineOutcome = !residency.complete
      ? { tokens: [], stop: "cancelled" }
      : await this.#engine.generate({
          prompt: wanted.tokens,
          tools: window.tools,
          toolChoice: request.toolChoice ?? "auto",
          sampling: request.sampling,
          maxTokens,
          stopSequences: request.stopSequences ?? [],
          signal,
          onToken: () => (firstTokenMs ??= performance.now() - receivedMs),
          onPart: (part) => answer.add(part),
          ...(request.script === undefined ? {} : { script: request.script }),
        });
    const decodeMs = performance.now() - decodeStartMs;
    // The last prompt token is decoded together with the answer: sampling needs its logits.
    const computedTokens = residency.computedTokens + (firstTokenMs === null ? 0 : 1);
    const usage = usageOf(wanted, residency, computedTokens, outcome.tokens.length);
    const tokens = [...wanted.answerOpening, ...outcome.tokens];
    return {
      said: answer.finished({ fingerprint, tokens }),
      stop: outcome.stop,
      reading: {
        contextId,
        task: "generate",
        usage,
        firstTokenMs,
        prefillMs: residency.prefillMs,
        decodeMs,
        ...this.#consequences(usage, residency, wanted, window),
      },
    };
  }

  #consequences(
    usage: Usage,
    residency: Residency,
    wanted: WantedPrompt,
    window: Window,
  ): Pick<MeterReading, "savedMs" | "divergence"> {
    const { tokensPerMs } = this.#speed;
    return {
      savedMs: tokensPerMs === null ? 0 : reusedTokens(usage) / tokensPerMs,
      divergence: this.#prompter.explain(residency.plan, wanted, window),
    };
  }
}

function usageOf(
  wanted: WantedPrompt,
  residency: Residency,
  prefilledTokens: number,
  generatedTokens: number,
): Usage {
  return {
    promptTokens: wanted.tokens.length,
    prefixTokens: residency.plan.prefixTokens,
    splicedTokens: 0,
    restoredTokens: 0,
    forkedTokens: 0,
    prefilledTokens,
    healedTokens: 0,
    staleTokens: 0,
    generatedTokens,
  };
}
