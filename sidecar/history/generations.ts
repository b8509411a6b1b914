import type { AnswerSegment, Generated } from "../../protocol/segment.ts";

/** What the model said in one generation. */
export type Said = Pick<AnswerSegment, "text" | "reasoning" | "toolCalls"> & {
  readonly generated: Generated;
};

/** Answers wait here until the client adopts them; far more than can be pending at once. */
const ANSWERS_MAX = 64;

/** The latest answers, by generation id. The oldest go first. */
export class Generations {
  readonly #answers = new Map<string, Said>();

  add(generationId: string, said: Said): void {
    this.#answers.set(generationId, said);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > ANSWERS_MAX && !oldest.done) this.#answers.delete(oldest.value);
  }

  find(generationId: string): Said | undefined {
    return this.#answers.get(generationId);
  }
}
