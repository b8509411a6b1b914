/** How something ended that is shown as a line of its own. */
export type StepMark = "done" | "failed" | "stopped" | "note" | "changed";

/** A piece of an answer as a chat shows it. Texts are plain but for `markdown`. */
export type ChatPiece =
  /** What the model says, as it comes. */
  | { readonly kind: "markdown"; readonly text: string }
  /** What is going on; it is gone as soon as there is something else to show. */
  | { readonly kind: "progress"; readonly text: string }
  /** Stays: what was done, with the file that it was done to between the two texts. */
  | {
      readonly kind: "step";
      readonly mark: StepMark;
      readonly before: string;
      readonly path: string | null;
      readonly after: string;
    }
  /** The end of a command's output. */
  | { readonly kind: "output"; readonly text: string };
