import type { GenerateEvent, GenerateParams, StopReason } from "../../protocol/generate.ts";
import type { MeterReading } from "../../protocol/meter.ts";
import { reusedTokens, type Usage } from "../../protocol/usage.ts";
import type { Engine, EngineOutcome, EngineRequest } from "../engine/engine.ts";
import type { Said } from "../history/generations.ts";
import type { Window } from "../history/window.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { Answer } from "./answer.ts";
import { checkpointsFor } from "./checkpoints.ts";
import { type DriftLog, driftLog } from "./drift.ts";
import { Folding } from "./folding.ts";
import { type AnswerRoom, Prompter, roomForAnswer, type WantedPrompt, windowOf } from "./prompt.ts";
import { Reasons } from "./reasons.ts";
import { type Resided, Residence, type Sharing, type Wish } from "./residence.ts";
import { StaleEdits } from "./stale-edits.ts";

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
    readonly sharing?: Sharing;
    readonly script?: readonly number[];
  };

export type TurnResult = {
  readonly said: Said;
  readonly stop: StopReason;
  readonly reading: MeterReading;
};

/**
 * Runs turns on one loaded model. Each has the engine for itself until it decodes, and then takes
 * turns with those that share it.
 */
export class Turns {
  readonly #engine: Engine;
  readonly #prompter: Prompter;
  readonly #residence: Residence;
  readonly #folding: Folding;
  readonly #reasons: Reasons;
  readonly #staleEdits = new StaleEdits();

  constructor(engine: Engine, logDrift: DriftLog = driftLog()) {
    this.#engine = engine;
    this.#prompter = new Prompter(engine);
    this.#reasons = new Reasons(this.#prompter);
    this.#residence = new Residence(engine);
    this.#folding = new Folding({
      engine,
      residence: this.#residence,
      staleEdits: this.#staleEdits,
      logDrift,
    });
  }

  /** Empties the cells and answers how many tokens they held. */
  async clear(): Promise<number> {
    return await this.#residence.clear();
  }

  countTokens(text: string): number {
    return this.#prompter.countTokens(text);
  }

  /** Whether the conversation in place has cells that saw an older text. */
  get canFold(): boolean {
    return this.#folding.staleTokens > 0;
  }

  /** Computes such cells anew, as far as the signal allows. What is finished stays. */
  async fold(signal: AbortSignal): Promise<MeterReading> {
    return await this.#folding.fold(signal);
  }

  /** Makes a window resident without answering. */
  async warm(request: WarmRequest): Promise<MeterReading> {
    const { contextId, window } = request;
    const wanted = this.#prompter.wantedFor(window);
    const room = roomForAnswer(wanted.tokens.length, this.#engine.facts, undefined);
    try {
      const resided = await this.#occupy(request, wanted, room, {
        leave: 0,
        onProgress: () => undefined,
      });
      const usage = this.#usageOf(wanted, resided, resided.computedTokens, 0);
      return {
        contextId,
        task: "warm",
        usage,
        firstTokenMs: null,
        decodeMs: 0,
        ...this.#consequences(usage, resided, wanted, request),
      };
    } finally {
      this.#residence.leave(contextId);
    }
  }

  async generate(request: GenerateRequest): Promise<TurnResult> {
    try {
      return await this.#answer(request);
    } finally {
      this.#residence.leave(request.contextId);
    }
  }

  async #answer(request: GenerateRequest): Promise<TurnResult> {
    const { contextId, window, onEvent, receivedMs } = request;
    const wanted = this.#prompter.wantedFor(window);
    const totalTokens = wanted.tokens.length;
    const { facts } = this.#engine;
    const room = roomForAnswer(totalTokens, facts, request.maxTokens);
    const resided = await this.#occupy(request, wanted, room, {
      leave: 1,
      onProgress: (processedTokens, reused) =>
        onEvent({ kind: "prefill", reusedTokens: reused, processedTokens, totalTokens }),
    });
    const answer = new Answer(onEvent);
    const decodeStartMs = performance.now();
    let firstTokenMs: number | null = null;
    const outcome: EngineOutcome = !resided.complete
      ? { tokens: [], stop: "cancelled" }
      : await this.#decode({
          ...this.#answering(request, wanted),
          onToken: () => (firstTokenMs ??= performance.now() - receivedMs),
          onPart: (part) => answer.add(part),
        });
    const decodeMs = performance.now() - decodeStartMs;
    // The last prompt token is decoded together with the answer: sampling needs its logits.
    const computedTokens = resided.computedTokens + (firstTokenMs === null ? 0 : 1);
    const usage = this.#usageOf(wanted, resided, computedTokens, outcome.tokens.length);
    const tokens = [...wanted.answerOpening, ...outcome.tokens];
    return {
      said: answer.finished({ fingerprint: facts.fingerprint, tokens }),
      stop: outcome.stop,
      reading: {
        contextId,
        task: "generate",
        usage,
        firstTokenMs,
        decodeMs,
        ...this.#consequences(usage, resided, wanted, request),
      },
    };
  }

  #answering(
    request: GenerateRequest,
    wanted: WantedPrompt,
  ): Omit<EngineRequest, "onToken" | "onPart"> {
    const { window, sampling, signal, script } = request;
    const { endPosition } = this.#residence.kv;
    return {
      prompt: wanted.tokens,
      tools: window.tools,
      toolChoice: request.toolChoice ?? "auto",
      sampling,
      // Holes among the cells take positions of the window, but none that was asked for.
      maxTokens: request.maxTokens ?? windowOf(this.#engine.facts) - endPosition - 1,
      stopSequences: request.stopSequences ?? [],
      signal,
      ...(script === undefined ? {} : { script }),
    };
  }

  async #decode(request: EngineRequest): Promise<EngineOutcome> {
    try {
      return await this.#engine.generate(request);
    } finally {
      // The engine decoded the answer by itself, past the ledger, even where it failed.
      this.#residence.kv.follow();
    }
  }

  async #occupy(
    request: WarmRequest & { readonly sharing?: Sharing },
    wanted: WantedPrompt,
    room: AnswerRoom,
    { leave, onProgress }: Pick<Wish, "leave" | "onProgress">,
  ): Promise<Resided> {
    const { contextId, window, signal, reuse, healTokens, sharing } = request;
    return await this.#residence.occupy({
      contextId,
      wanted: wanted.tokens,
      checkpointsAt: checkpointsFor(wanted, window),
      room,
      leave,
      reuse,
      healTokens,
      signal,
      sharing,
      onProgress,
    });
  }

  #consequences(
    usage: Usage,
    resided: Resided,
    wanted: WantedPrompt,
    turn: WarmRequest,
  ): Pick<
    MeterReading,
    "prefillMs" | "savedMs" | "divergence" | "prefilled" | "staleSince" | "drift"
  > {
    const { plan, prefillMs, edit } = resided;
    const { tokensPerMs } = this.#residence.speed;
    if (edit !== null) {
      const { segmentLabel, text } = this.#prompter.textAt(plan.prefixTokens, wanted, turn.window);
      this.#staleEdits.note(edit, { segmentLabel, text });
    }
    return {
      prefillMs,
      savedMs: tokensPerMs === null ? 0 : reusedTokens(usage) / tokensPerMs,
      ...this.#reasons.tell(turn, resided, wanted),
      staleSince: this.#staleEdits.tell(this.#residence.kv.ledger),
      drift: null,
    };
  }

  #usageOf(
    wanted: WantedPrompt,
    { plan, prefixTokens, forkedTokens, complete }: Resided,
    prefilledTokens: number,
    generatedTokens: number,
  ): Usage {
    return {
      promptTokens: wanted.tokens.length,
      prefixTokens: prefixTokens - forkedTokens,
      splicedTokens: complete ? plan.splicedTokens : 0,
      restoredTokens: 0,
      forkedTokens,
      prefilledTokens,
      healedTokens: plan.healedTokens,
      staleTokens: this.#residence.kv.ledger.staleTokens(ACTIVE),
      generatedTokens,
    };
  }
}
