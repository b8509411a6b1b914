/**
 * Fifteen turns beside a context that changes on five of them: the sizes of a published benchmark of
 * prompt layouts. Texts are made to measure with the model's own tokenizer.
 */
export const TURNS = 15;
export const CHANGED_TURNS: readonly number[] = [1, 4, 7, 10, 13];
export const STATIC_TOKENS = 1_200;
export const DYNAMIC_TOKENS = 130;
export const MESSAGE_TOKENS = 13;
export const ANSWER_TOKENS = 13;

/** Plain words, so that every tokenizer cuts them at their spaces. */
const WORDS =
  "the window keeps what was read and only new text has to be computed when a turn begins here so " +
  "an edit near the top of a prompt costs more than one at its end for every model that runs";

const words = WORDS.split(" ");

/** Counts tokens of several texts at once. */
export type CountTexts = (texts: readonly string[]) => Promise<readonly number[]>;

/** A text of so many tokens; another `seed` gives another text of the same size. */
export async function textOf(tokens: number, seed: string, count: CountTexts): Promise<string> {
  let text = seed;
  // Each round adds one word per missing token, and a word has at least one.
  for (let next = 0; ;) {
    const [counted = 0] = await count([text]);
    const missing = tokens - counted;
    if (missing <= 0) return text;
    const added = Math.max(1, Math.floor(missing / 2));
    for (let index = 0; index < added; index++) text += ` ${words[next++ % words.length]}`;
  }
}
