import type { GenerateEvent, GenerateParams, StopReason } from "../../protocol/generate.ts";
import type { MeterReading } from "../../protocol/meter.ts";
import { reusedTokens, type Usage } from "../../protocol/usage.ts";
import type { Engine, EngineOutcome, EngineRequest } from "../engine/engine.ts";
import type { Said } from "../history/generations.ts";
import type { Window } from "../history/window.ts";
import { Branches } from "../kv/branches.ts";
import { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { Answer } from "./answer.ts";
import { checkpointsFor } from "./checkpoints.ts";
import { PrefillSpeed } from "./chunk.ts";
import { makeResident, type Residency, type ResidencyOptions } from "./make-resident.ts";
import { type AnswerRoom, Prompter, roomForAnswer, type WantedPrompt, windowOf } from "./prompt.ts";

export type WarmRequest = Pick<GenerateParams, "reuse" | "healTokens"> & {
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
  readonly #kv: KvState;
  readonly #branches: Branches;
  readonly #speed = new PrefillSpeed();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#prompter = new Prompter(engine);
    this.#kv = new KvState(engine.cells, engine.facts.cellsTokens);
    this.#branches = new Branches(this.#kv);
  }

  /** Empties the cells and answers how many tokens they held. */
  async clear(): Promise<number> {
    const tokens = this.#kv.ledger.usedTokens;
    await this.#branches.clear();
    return tokens;
  }

  countTokens(text: string): number {
    return this.#prompter.countTokens(text);
  }

  /** Makes a window resident without answering. */
  async warm(request: WarmRequest): Promise<MeterReading> {
    const { contextId, window } = request;
    const wanted = this.#prompter.wantedFor(window);
    const room = roomForAnswer(wanted.tokens.length, this.#engine.facts, undefined);
    const residency = await this.#makeResident(request, wanted, room, {
      leave: 0,
      onProgress: () => undefined,
    });
    const usage = this.#usageOf(wanted, residency, residency.computedTokens, 0);
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
    const { facts } = this.#engine;
    const room = roomForAnswer(totalTokens, facts, request.maxTokens);
    const residency = await this.#makeResident(request, wanted, room, {
      leave: 1,
      onProgress: (processedTokens, reused) =>
        onEvent({ kind: "prefill", reusedTokens: reused, processedTokens, totalTokens }),
    });
    const answer = new Answer(onEvent);
    const decodeStartMs = performance.now();
    let firstTokenMs: number | null = null;
    const outcome: EngineOutcome = !residency.complete
      ? { tokens: [], stop: "cancelled" }
      : await this.#generate({
          prompt: wanted.tokens,
          tools: window.tools,
          toolChoice: request.toolChoice ?? "auto",
          sampling: request.sampling,
          // Holes among the cells take positions of the window, but none that was asked for.
          maxTokens: request.maxTokens ?? windowOf(facts) - this.#kv.endPosition - 1,
          stopSequences: request.stopSequences ?? [],
          signal,
          onToken: () => (firstTokenMs ??= performance.now() - receivedMs),
          onPart: (part) => answer.add(part),
          ...(request.script === undefined ? {} : { script: request.script }),
        });
    const decodeMs = performance.now() - decodeStartMs;
    // The last prompt token is decoded together with the answer: sampling needs its logits.
    const computedTokens = residency.computedTokens + (firstTokenMs === null ? 0 : 1);
    const usage = this.#usageOf(wanted, residency, computedTokens, outcome.tokens.length);
    const tokens = [...wanted.answerOpening, ...outcome.tokens];
    return {
      said: answer.finished({ fingerprint: facts.fingerprint, tokens }),
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

  async #generate(request: EngineRequest): Promise<EngineOutcome> {
    try {
      return await this.#engine.generate(request);
    } finally {
      // The engine decoded the answer by itself, past the ledger, even where it failed.
      this.#kv.follow();
    }
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

  /** Puts the right branch in place, makes room beside it and brings it to the wanted tokens. */
  async #makeResident(
    { contextId, window, signal, reuse = "exact", healTokens = 0 }: WarmRequest,
    wanted: WantedPrompt,
    room: AnswerRoom,
    { leave, onProgress }: Pick<ResidencyOptions, "leave" | "onProgress">,
  ): Promise<Residency & { readonly forkedTokens: number }> {
    const forkedTokens = await this.#branches.activate(contextId, wanted.tokens);
    this.#branches.makeRoom(wanted.tokens, room.mostTokens);
    const residency = await makeResident(this.#kv, wanted.tokens, {
      leave,
      checkpointsAt: checkpointsFor(wanted, window),
      positionsMax: windowOf(this.#engine.facts) - room.sureTokens,
      reuse,
      healTokens,
      signal,
      onProgress,
      speed: this.#speed,
    });
    return { ...residency, forkedTokens: Math.min(forkedTokens, residency.prefixTokens) };
  }

  #usageOf(
    wanted: WantedPrompt,
    residency: Residency & { readonly forkedTokens: number },
    prefilledTokens: number,
    generatedTokens: number,
  ): Usage {
    const { plan, prefixTokens, forkedTokens, complete } = residency;
    return {
      promptTokens: wanted.tokens.length,
      prefixTokens: prefixTokens - forkedTokens,
      splicedTokens: complete ? plan.splicedTokens : 0,
      restoredTokens: 0,
      forkedTokens,
      prefilledTokens,
      healedTokens: plan.healedTokens,
      staleTokens: this.#kv.ledger.staleTokens(ACTIVE),
      generatedTokens,
    };
  }
}
