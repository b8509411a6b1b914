/** The port to a person who may answer. */
export interface Questions {
  /** @param options answers to choose from; none for a free one. `null` when nobody answers. */
  ask(question: string, options: readonly string[], signal: AbortSignal): Promise<string | null>;
}
