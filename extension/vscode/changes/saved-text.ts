/** What was seen of a document that was saved because the agent had changed it. */
export type SeenText = {
  /** What the agent's change makes of it. */
  readonly wanted: string;
  /** What it held when saving began, behind the agent's change. */
  readonly atStart: string;
  /** What it holds now. */
  readonly now: string;
  /** Somebody has moved the caret in it, or undone something, since saving began. */
  readonly isSomebodyThere: boolean;
};

/**
 * Whether a document holds what somebody has typed, which must not be written over. Extensions that
 * take part in saving change it as well, but without anybody being there. When they do so says
 * nothing: they are asked one after the other, some of them before we are told of the save.
 */
export function holdsTyping({ wanted, atStart, now, isSomebodyThere }: SeenText): boolean {
  return atStart !== wanted || (isSomebodyThere && now !== wanted);
}
