/** A stretch of resident tokens that is wanted again, perhaps at another position. */
export type Run = {
  readonly wanted: number;
  readonly resident: number;
  readonly length: number;
};
