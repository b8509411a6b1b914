import type { GenerateEvent, GenerateParams, StopReason } from "../../protocol/generate.ts";
import type { MeterReading } from "../../protocol/meter.ts";
import { reusedTokens, type Usage } from "../../protocol/usage.ts";
import type { Engine, EngineOutcome, EngineRequest } from "../engine/engine.ts";
import type { Said } from "../history/generations.ts";
import type { Window } from "../history/window.ts";
import type { KvState } from "../kv/kv-state.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { Answer } from "./answer.ts";
import type { ModelStore } from "../store/model-store.ts";
import { checkpointsFor, stableFront } from "./checkpoints.ts";
import { type DriftLog, driftLog } from "./drift.ts";
import { Folding } from "./folding.ts";
import { Reasons } from "./reasons.ts";
import { type AnswerRoom, roomForAnswer, windowOf } from "./answer-room.ts";
import { Prompter, type WantedPrompt } from "./prompt.ts";
import { type Resided, Residence, type Sharing, type Wish } from "./residence.ts";
import { StaleEdits } from "./stale-edits.ts";
import { Saving, type SavingOptions } from "./saving.ts";

export type WarmRequest = Pick<GenerateParams, "reuse" | "healTokens"> & {
  readonly contextId: string;
  readonly window: Window;
  readonly signal: AbortSignal;
  /** Whether only what is stored is made resident. */
  readonly storedOnly?: boolean | undefined;
};

export type GenerateRequest = WarmRequest &
  Pick<GenerateParams, "sampling" | "maxTokens" | "roomTokens" | "stopSequences" | "toolChoice"> & {
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

type Consequences = Omit<
  MeterReading,
  "contextId" | "task" | "usage" | "firstTokenMs" | "decodeMs"
>;

/**
 * Runs turns on one loaded model. Each has the engine for itself until it decodes, and then takes
 * turns with those that share it.
 */
export class Turns {
  readonly #engine: Engine;
  readonly #prompter: Prompter;
  readonly #residence: Residence;
  readonly #folding: Folding;
  readonly #staleEdits = new StaleEdits();
  readonly #reasons: Reasons;
  readonly #saving: Saving;

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
    this.#saving = new Saving(this.#residence);
  }

  get kv(): KvState {
    return this.#residence.kv;
  }

  /** From now on prompts are kept there and read back; `null`: nowhere. */
  keepIn(store: ModelStore | null): void {
    this.#residence.stored = store;
    // States on the way would still go to the store before.
    if (store === null) this.#residence.kv.onCheckpoint = null;
    this.#saving.forget();
  }

  /** The beginnings of conversations count as unsaved. */
  forgetFronts(): void {
    this.#saving.forgetFronts();
  }

  /** Whether there is something to keep on disk. */
  get canSave(): boolean {
    return this.#saving.hasWork;
  }

  /** Keeps on disk what is not there yet. It takes the lane by itself, for a block at a time. */
  async save(options: SavingOptions): Promise<void> {
    await this.#saving.save(options);
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
    const room = roomForAnswer(wanted.tokens.length, this.#engine.facts);
    try {
      const resided = await this.#occupy(request, wanted, room, {
        leave: 0,
        onProgress: () => undefined,
      });
      const all = this.#usageOf(wanted, resided, resided.computedTokens, 0);
      const usage = request.storedOnly === true ? { ...all, promptTokens: reusedTokens(all) } : all;
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
    const room = roomForAnswer(totalTokens, facts, request);
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
          ...this.#answering(request, wanted, room),
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
    { mostTokens }: AnswerRoom,
  ): Omit<EngineRequest, "onToken" | "onPart"> {
    const { window, sampling, signal, script } = request;
    const { endPosition } = this.#residence.kv;
    return {
      prompt: wanted.tokens,
      tools: window.tools,
      toolChoice: request.toolChoice ?? "auto",
      sampling,
      // Holes among the cells take positions of the window, but none that the answer is sure of.
      maxTokens: Math.min(mostTokens, windowOf(this.#engine.facts) - endPosition - 1),
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
    const { contextId, window, signal, reuse, healTokens, sharing, storedOnly = false } = request;
    this.#saving.noteFront(contextId, stableFront(wanted, window));
    return await this.#residence.occupy({
      contextId,
      wanted: wanted.tokens,
      checkpointsAt: checkpointsFor(wanted, window),
      room,
      leave,
      reuse,
      healTokens,
      storedOnly,
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
  ): Consequences {
    const { tokensPerMs } = this.#residence.speed;
    const { plan, prefillMs, edit } = resided;
    if (edit !== null) {
      const place = this.#prompter.textAt(plan.prefixTokens, wanted, turn.window);
      this.#staleEdits.note(edit, { segmentLabel: place.segmentLabel, text: place.text });
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
    { plan, prefixTokens, restoredTokens, forkedTokens, complete }: Resided,
    prefilledTokens: number,
    generatedTokens: number,
  ): Usage {
    return {
      promptTokens: wanted.tokens.length,
      prefixTokens: prefixTokens - forkedTokens - restoredTokens,
      splicedTokens: complete ? plan.splicedTokens : 0,
      restoredTokens,
      forkedTokens,
      prefilledTokens,
      healedTokens: plan.healedTokens,
      staleTokens: this.#residence.kv.ledger.staleTokens(ACTIVE),
      generatedTokens,
    };
  }
}
