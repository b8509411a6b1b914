import type { AnswerSegment, Segment, Tool } from "../../protocol/segment.ts";

/** A recorded session of an agent, as something that can be played again or gone on with. */
export type RecordedSession = {
  readonly file: string;
  readonly tools: readonly Tool[];
  /** What it was about; `null` where the recording does not say. */
  readonly task: string | null;
  /** What only Kvasir's own recordings say. */
  readonly own: RecordedFrame | null;
  readonly steps: readonly RecordedStep[];
};

/** What belongs to a session beside its messages. */
export type RecordedFrame = { readonly startedOn: string; readonly droppedTurns: number };

/** What happens next to the list of messages, each of which is one segment. */
export type RecordedStep =
  | { readonly kind: "append"; readonly segment: Segment }
  /** The model is asked with the list as it is; then its answer joins the list. */
  | { readonly kind: "call"; readonly line: number; readonly answer: AnswerSegment }
  /** The agent rewrote its history here. */
  | {
      readonly kind: "splice";
      readonly start: number;
      readonly delete: number;
      readonly insert: readonly Segment[];
    };
