import {
  ChangeContext,
  CloseContext,
  type ContextAt,
  OpenContext,
} from "../../protocol/context.ts";
import { type ErrorKind, errorDataOf } from "../../protocol/errors.ts";
import type { AnswerSegment, Segment } from "../../protocol/segment.ts";
import { diffContexts } from "../context/diff.ts";
import type { ContextState } from "../context/state.ts";
import { adoptAnswers } from "./adopt.ts";
import { isCancelled, type SidecarConnection } from "./connection.ts";

/** The two halves no longer hold the same; sending the whole state mends that. */
const MENDED_BY_OPENING: ReadonlySet<ErrorKind | undefined> = new Set([
  "unknownContext",
  "versionMismatch",
  "badEdit",
  "unknownGeneration",
]);

/** Answers that may wait for their adoption, as many as the sidecar keeps for it. */
const ANSWERS_MAX = 64;

/** What the sidecar holds of one context, and how it gets to hold something newer. */
export class Mirror {
  readonly #connection: SidecarConnection;
  /** By the answer's id, until the sidecar has confirmed that it has adopted it. */
  readonly #generated = new Map<string, { answer: AnswerSegment; generationId: string }>();
  /** The state that the sidecar has confirmed; `null` when it may hold anything or nothing. */
  #confirmed: ContextState | null = null;
  #opened = false;

  constructor(connection: SidecarConnection) {
    this.#connection = connection;
  }

  /** Remembers that the sidecar has this answer already. */
  noteGenerated(answer: AnswerSegment, generationId: string): void {
    this.#generated.set(answer.id, { answer, generationId });
    const oldest = this.#generated.keys().next();
    if (this.#generated.size > ANSWERS_MAX && !oldest.done) this.#generated.delete(oldest.value);
  }

  /**
   * Makes a request about a state after the sidecar has got it. Opens the context anew, once, when
   * the sidecar turns out to hold something else.
   */
  async use<R>(state: ContextState, request: (at: ContextAt) => Promise<R>): Promise<R> {
    try {
      const opened = await this.#sync(state);
      try {
        return await request(this.#at(state));
      } catch (error) {
        if (opened || !isMendedByOpening(error)) throw error;
        await this.#open(state);
        return await request(this.#at(state));
      }
    } catch (error) {
      // Without a typed refusal nobody knows what the sidecar has, or whether it still runs.
      const certain = isCancelled(error) || errorDataOf(error) !== undefined;
      if (!certain || isMendedByOpening(error)) this.#confirmed = null;
      throw error;
    }
  }

  async close(contextId: string): Promise<void> {
    this.#confirmed = null;
    if (this.#opened) await this.#connection.request(CloseContext, { contextId });
    this.#opened = false;
  }

  /** Answers whether the whole state was sent. */
  async #sync(state: ContextState): Promise<boolean> {
    const confirmed = this.#confirmed;
    if (confirmed === null) {
      await this.#open(state);
      return true;
    }
    const edits = adoptAnswers(diffContexts(confirmed, state), (segment) =>
      this.#generationIdOf(segment),
    );
    if (edits.length === 0) return false;
    const { id: contextId, version } = state;
    const fromVersion = confirmed.version;
    try {
      await this.#connection.request(ChangeContext, { contextId, fromVersion, version, edits });
    } catch (error) {
      if (!isMendedByOpening(error)) throw error;
      await this.#open(state);
      return true;
    }
    this.#confirmed = state;
    for (const edit of edits) if (edit.kind === "adopt") this.#generated.delete(edit.id);
    return false;
  }

  /** An answer is the sidecar's own as long as nothing but its place in the layout has changed. */
  #generationIdOf(segment: Segment): string | undefined {
    const noted = this.#generated.get(segment.id);
    if (noted === undefined || segment.role !== "assistant") return undefined;
    const { answer, generationId } = noted;
    const same =
      segment.text === answer.text &&
      segment.reasoning === answer.reasoning &&
      segment.toolCalls === answer.toolCalls &&
      segment.generated === answer.generated;
    return same ? generationId : undefined;
  }

  async #open(state: ContextState): Promise<void> {
    const { id: contextId, version, segments, tools } = state;
    this.#opened = true;
    await this.#connection.request(OpenContext, {
      contextId,
      version,
      segments: [...segments],
      tools: [...tools],
    });
    this.#confirmed = state;
  }

  #at(state: ContextState): ContextAt {
    return { contextId: state.id, version: this.#confirmed?.version ?? state.version };
  }
}

function isMendedByOpening(error: unknown): boolean {
  return MENDED_BY_OPENING.has(errorDataOf(error)?.kind);
}
