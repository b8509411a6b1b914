import type { AnswerSegment, Generated, Segment, Tool } from "../../protocol/segment.ts";
import type { Window } from "../../sidecar/history/window.ts";
import type { RecordedSession, RecordedStep } from "../../extension/sessions/recorded-session.ts";

/** The messages of a session at one point of its replay: what a client would hold. */
export class Transcript {
  readonly #tools: readonly Tool[];
  #segments: readonly Segment[] = [];
  #version = 0;

  constructor({ tools }: Pick<RecordedSession, "tools">) {
    this.#tools = tools;
  }

  get window(): Window {
    return { version: this.#version, segments: this.#segments, tools: this.#tools };
  }

  apply(step: Exclude<RecordedStep, { readonly kind: "call" }>): void {
    if (step.kind === "append") this.#set([...this.#segments, step.segment]);
    else this.#set(this.#segments.toSpliced(step.start, step.delete, ...step.insert));
  }

  /** An answer joins with the ids that were decoded for it, so the next prompt continues them. */
  adopt(answer: AnswerSegment, generated: Generated): void {
    this.#set([...this.#segments, { ...answer, generated }]);
  }

  #set(segments: readonly Segment[]): void {
    this.#segments = segments;
    this.#version++;
  }
}
