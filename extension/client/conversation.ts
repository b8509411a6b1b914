import { type ContextCounts, CountContext } from "../../protocol/count.ts";
import {
  Generate,
  type GenerateEvent,
  type GenerateParams,
  type GenerateResult,
  GenerateStream,
  type Sampling,
  type StopReason,
} from "../../protocol/generate.ts";
import type { AnswerSegment, Segment } from "../../protocol/segment.ts";
import type { Usage } from "../../protocol/usage.ts";
import { Warm, type WarmParams } from "../../protocol/warm.ts";
import { append, insertAfter } from "../context/change.ts";
import type { ContextState } from "../context/state.ts";
import { AnswerParts } from "./answer-parts.ts";
import { isCancelled, type SidecarConnection } from "./connection.ts";
import { Mirror } from "./mirror.ts";
import { Serial } from "./serial.ts";

export type GenerateOptions = {
  readonly sampling: Sampling;
  /** The longest answer; it is shortened where the window has less room. */
  readonly maxTokens?: number;
  /** Refused where there is less room than this. */
  readonly roomTokens?: number;
  readonly stopSequences?: readonly string[];
  readonly toolChoice?: NonNullable<GenerateParams["toolChoice"]>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: GenerateEvent) => void;
};

/** With `storedOnly`, what is on disk is made resident and nothing is computed. */
type WarmHow = Pick<WarmParams, "storedOnly">;

export type ConversationAnswer = {
  readonly segment: AnswerSegment;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** From the arrival of the request at the sidecar; `null` when no token came. */
  readonly firstTokenMs: number | null;
};

type Asked = {
  readonly answer: ConversationAnswer;
  /** `null` when the request was cancelled, and the sidecar keeps no answer. */
  readonly generationId: string | null;
  readonly isEmpty: boolean;
};

/**
 * Owns a context window and has it answered. The sidecar is told only what has changed since it
 * last confirmed a version. Operations run one after the other; changes may come at any time, and
 * those made during an answer travel with the next operation.
 */
export class Conversation {
  readonly #connection: SidecarConnection;
  readonly #mirror: Mirror;
  readonly #serial = new Serial();
  #state: ContextState;
  #turns = 0;

  constructor(connection: SidecarConnection, state: ContextState) {
    this.#connection = connection;
    this.#mirror = new Mirror(connection);
    this.#state = state;
  }

  get state(): ContextState {
    return this.#state;
  }

  /** Changes the context window here; the sidecar learns of it with the next operation. */
  update(change: (state: ContextState) => ContextState): void {
    const { id, version } = this.#state;
    const changed = change(this.#state);
    if (changed === this.#state) return;
    if (changed.id !== id) throw new RangeError("A change cannot give a context another id.");
    // Whoever puts an older state back has made a new version all the same.
    this.#state = { ...changed, version: Math.max(changed.version, version + 1) };
  }

  /** Answers the context window and puts the answer behind what it answers. */
  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    return await this.#serial.run(async () => {
      const answered = this.#state;
      const { answer, generationId, isEmpty } = await this.#ask(answered, options);
      if (answer.stop === "cancelled" && isEmpty) return answer;
      if (generationId !== null) this.#mirror.noteGenerated(answer.segment, generationId);
      this.update((state) => putBehind(state, answered.segments.at(-1)?.id, answer.segment));
      return answer;
    });
  }

  /**
   * Asks something behind the context window, which never holds the question nor its answer: whoever
   * keeps or copies it meanwhile gets what was there before.
   */
  async askAside(question: Segment, options: GenerateOptions): Promise<ConversationAnswer> {
    return await this.#serial.run(async () => {
      const asked = append(this.#state, [question]);
      // The sidecar takes newer versions only, so what stands here has to be newer than what is asked.
      this.update((state) => ({ ...state, version: asked.version + 1 }));
      return (await this.#ask(asked, options)).answer;
    });
  }

  /** Makes the context window resident without an answer. Cancelled, it reports no tokens. */
  async warm(signal?: AbortSignal, how: WarmHow = {}): Promise<Usage> {
    return await this.#serial.run(async () => {
      try {
        return await this.#mirror.use(this.#state, async (at) =>
          signal?.aborted === true
            ? NO_USAGE
            : (await this.#connection.request(Warm, { ...at, ...how }, signal)).usage,
        );
      } catch (error) {
        if (isCancelled(error)) return NO_USAGE;
        throw error;
      }
    });
  }

  /** Brings the sidecar's copy up to date and asks for nothing. */
  async sync(): Promise<void> {
    await this.#serial.run(() => this.#mirror.use(this.#state, async () => undefined));
  }

  /** Exact counts of the model that is loaded, or is loaded for it. No text travels. */
  async count(signal?: AbortSignal): Promise<ContextCounts> {
    return await this.#serial.run(() =>
      this.#mirror.use(this.#state, (at) => this.#connection.request(CountContext, at, signal)),
    );
  }

  /** Lets the sidecar forget the context window. The next operation would open it again. */
  async close(): Promise<void> {
    await this.#serial.run(() => this.#mirror.close(this.#state.id));
  }

  async #ask(asked: ContextState, options: GenerateOptions): Promise<Asked> {
    const { signal, onEvent } = options;
    const streamToken = `${asked.id}/${asked.version}/${++this.#turns}`;
    const parts = new AnswerParts();
    const stream = this.#connection.onProgress(GenerateStream, streamToken, (event) => {
      parts.add(event);
      onEvent?.(event);
    });
    try {
      const result = await this.#mirror.use(asked, async (at) =>
        signal?.aborted === true
          ? null
          : await this.#connection.request(
              Generate,
              { ...at, ...wireOptions(options), streamToken },
              signal,
            ),
      );
      return this.#finished(parts, result);
    } catch (error) {
      if (isCancelled(error)) return this.#finished(parts, null);
      throw error;
    } finally {
      stream.dispose();
    }
  }

  /** Without a result the request was cancelled, and all that is known is what was streamed. */
  #finished(parts: AnswerParts, result: GenerateResult | null): Asked {
    const generationId = result?.generationId ?? null;
    const streamed = parts.asSegment(generationId ?? this.#freeId());
    return {
      answer: {
        segment: result === null ? streamed : { ...streamed, generated: result.generated },
        stop: result?.stop ?? "cancelled",
        usage: result?.usage ?? NO_USAGE,
        firstTokenMs: result?.firstTokenMs ?? null,
      },
      generationId,
      isEmpty: parts.empty,
    };
  }

  #freeId(): string {
    const ids = new Set(this.#state.segments.map(({ id }) => id));
    let number = this.#turns;
    while (ids.has(`answer-${number}`)) number++;
    return `answer-${number}`;
  }
}

function wireOptions(
  options: GenerateOptions,
): Pick<GenerateParams, "sampling" | "maxTokens" | "roomTokens" | "stopSequences" | "toolChoice"> {
  const { sampling, maxTokens, roomTokens, stopSequences, toolChoice } = options;
  return {
    sampling,
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(roomTokens === undefined ? {} : { roomTokens }),
    ...(stopSequences === undefined ? {} : { stopSequences: [...stopSequences] }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
  };
}

/** An answer belongs behind what it answers, even if more has come meanwhile. */
function putBehind(
  state: ContextState,
  lastId: string | undefined,
  answer: AnswerSegment,
): ContextState {
  const found = lastId !== undefined && state.segments.some(({ id }) => id === lastId);
  return found ? insertAfter(state, lastId, [answer]) : append(state, [answer]);
}

const NO_USAGE: Usage = {
  promptTokens: 0,
  prefixTokens: 0,
  splicedTokens: 0,
  restoredTokens: 0,
  forkedTokens: 0,
  prefilledTokens: 0,
  healedTokens: 0,
  staleTokens: 0,
  generatedTokens: 0,
};
