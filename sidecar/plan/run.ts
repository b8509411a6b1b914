/** A stretch of resident tokens that is wanted again, perhaps at another position. */
export type Run = {
  /** Index of its first token in the wanted prompt. */
  readonly wanted: number;
  /** Index of its first token among the resident ones. */
  readonly resident: number;
  readonly length: number;
};
