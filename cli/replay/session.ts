import type { AnswerSegment, Segment, Tool } from "../../protocol/segment.ts";

/** A recorded session of an agent, as something that can be played again. */
export type Session = {
  readonly file: string;
  readonly tools: readonly Tool[];
  readonly steps: readonly Step[];
};

/** What happens next to the list of messages, each of which is one segment. */
export type Step =
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

export function callsOf(session: Session): number {
  return session.steps.filter(({ kind }) => kind === "call").length;
}

/** What a session is called in tables. */
export function nameOf({ file }: Session): string {
  return file.replace(/\.jsonl$/u, "");
}
